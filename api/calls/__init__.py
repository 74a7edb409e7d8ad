"""Calls, turns and usage; the contract with the agent; what LiveKit tells us."""
