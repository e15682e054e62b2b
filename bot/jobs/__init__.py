"""Postings: import, screen, match, explain."""
