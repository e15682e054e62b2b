"""Backups of an installation: one file with database, models and a manifest."""
