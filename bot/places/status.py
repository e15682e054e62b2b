"""Certainty of a listing: confirmed, not confirmed since a day, or closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.places.figures import figures

State = Literal["confirmed", "unconfirmed", "closed"]


@dataclass(frozen=True)
class ListingStatus:
    """The state of a listing on a day."""

    state: State
    since: date | None
    """When it was verified last; None for never."""


def status_of(row: Any, kind: str, today: date) -> ListingStatus:
    """Return the state of a row: what is older than the figure's days is unconfirmed."""
    if row.state in ("closed", "cancelled"):
        return ListingStatus("closed", row.verified_on)
    fresh = figures().fresh_days[kind]
    if row.verified_on is None or (today - row.verified_on).days > fresh:
        return ListingStatus("unconfirmed", row.verified_on)
    return ListingStatus("confirmed", row.verified_on)
