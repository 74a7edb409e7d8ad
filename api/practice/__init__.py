"""What comes back: items to review, when they are due, and what practising earns."""
