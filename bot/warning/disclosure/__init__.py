"""Statistical disclosure control: which figures of few people are hidden, and the proof of it."""
