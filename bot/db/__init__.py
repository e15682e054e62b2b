"""Tables, sessions and migrations. Knows nothing of Rasa, channels or wording."""
