"""Feeds of postings."""
