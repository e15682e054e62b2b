"""Postings: import, screening, sources."""
