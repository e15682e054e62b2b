"""Push: who is told of which new posting, when, and that it arrives exactly once."""
