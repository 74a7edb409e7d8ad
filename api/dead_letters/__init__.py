"""Jobs as an administrator sees them: what waits, what runs, and what failed for good."""
