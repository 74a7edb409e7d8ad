"""Learners' slips put right by rules. Words stand in `words/`, rules in `rules/`, both as data."""
