"""Recordings of calls, and the consent without which there are none."""
