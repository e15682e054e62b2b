"""Subscriptions of seekers: consent, frequency, changes."""
