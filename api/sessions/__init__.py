"""A learner's continuing practice, and the room token that lets them into a call."""
