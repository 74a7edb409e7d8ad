"""Everything about one person as one file."""
