"""Three-valued fit of programmes and the interview about it."""
