"""Statistical disclosure control of published tables."""
