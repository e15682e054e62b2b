"""The chat widget and its channel."""
