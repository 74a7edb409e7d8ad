"""What instructors write about calls: comments, flags, bookmarks; and transcripts to take away."""
