"""Learners' attempts at lessons, what happened in them, and the mastery that they show."""
