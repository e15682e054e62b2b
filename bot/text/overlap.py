"""The days that a date means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Span:
    """The days that a date means: one day, or a whole month or year."""

    first: date
    last: date
