"""How a message is read within the talk: which business takes it up, and as what."""
