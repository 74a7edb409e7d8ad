"""The audit log: who did, saw or heard what, kept so that nobody who serves can change it."""
