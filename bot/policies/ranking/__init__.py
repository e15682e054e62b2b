"""Ranking of the units of the policy base (claims and aspects) that answer a message."""
