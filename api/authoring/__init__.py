"""Writing lessons: drafts, suggestions, versions, and quick lessons from a document."""
