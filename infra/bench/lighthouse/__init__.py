"""Lighthouse beside the product's own measurements: its pinned version, and how it is run."""
