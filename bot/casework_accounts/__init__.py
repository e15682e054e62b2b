"""Accounts of the office: leaving, and the second factor of a login."""
