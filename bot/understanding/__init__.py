"""Extraction of entities and wishes from messages, without Rasa."""
