"""Handlers of sums: what is worked out from what a person tells, and what goes on from it."""
