"""Input channels, the rendering of messages, and the Rasa agent that answers them."""
