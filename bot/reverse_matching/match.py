"""Match of a posting and a subscription, with its score and reasons."""

from __future__ import annotations

from typing import NamedTuple


class NewMatch(NamedTuple):
    """A posting that suits a subscription."""

    subscription_id: int
    posting_id: int
    score: float
    """Higher is better; comparable within one subscription."""
    reasons: tuple[str, ...]
    """Reasons in plain words."""
