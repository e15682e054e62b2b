"""Extractors: one kind of entity each."""
