"""The learners that an instructor looks after: a list of them, and a page for each."""
