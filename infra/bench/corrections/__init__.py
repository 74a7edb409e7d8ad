"""Learners' sentences, and how many of them the checker puts right."""
