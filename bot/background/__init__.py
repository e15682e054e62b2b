"""Scheduled rounds of the push worker."""
