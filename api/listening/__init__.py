"""Listening in on a call that goes on: only where the learner allows it, and they are told."""
