"""Reading of a message within the talk: the business that takes it up, and its move."""
