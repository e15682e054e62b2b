"""Sheets of offices: read, compared with what is there, applied, and taken back."""
