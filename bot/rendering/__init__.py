"""Replies as texts of a channel."""
