"""Rows that channels keep: inbox, choices, send log, tokens."""
