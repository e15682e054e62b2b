"""One turn of a talk: what was said, how it is read, what it changes."""
