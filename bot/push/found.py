"""What a matcher says: a posting suits a subscription, how well, and why."""

from __future__ import annotations

from typing import NamedTuple


class NewMatch(NamedTuple):
    """A posting that suits a subscription."""

    subscription_id: int
    posting_id: int
    score: float
    """Higher is better; comparable within one subscription."""
    reasons: tuple[str, ...]
    """Why it suits, in plain words."""
