"""Backup and restore of what Avaaz keeps: the database and the stored objects, in one archive."""
