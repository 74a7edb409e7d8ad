"""What the API and the agent agree on: wire models and pure logic that both sides need.

Imports nothing of the rest of `api`, no web framework and no database driver (held by import-linter).
"""
