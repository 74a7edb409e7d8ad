"""What a learner's language is like: words by level, pauses, slips; reckoned when it is looked at."""
