"""Handlers of acts: what is answered to a message."""
