"""Rasa's engine as this project runs it."""
