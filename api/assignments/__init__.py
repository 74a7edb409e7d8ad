"""Practice that an instructor asks a learner to do."""
