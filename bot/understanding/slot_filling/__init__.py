"""Slots filled from the entities of a message."""
