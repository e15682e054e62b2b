"""Routing of a message to its handler."""
