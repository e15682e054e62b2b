"""Rasa graph components: what a message says (entities) and what it wants (act and topic)."""
