"""What a person decides about their own data: retention, deletion, export, erasure."""
