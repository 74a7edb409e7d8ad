"""Figures of programs, and to whom and how far they are told."""
