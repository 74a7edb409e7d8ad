"""Liveness, readiness, metrics and the public configuration."""
