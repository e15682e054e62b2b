"""Frequencies of digests: extraction from text, wording, due times."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.clock import CHINA
from bot.text.pattern_file import patterns

Frequency = Literal["at_once", "daily", "weekly"]
#: Wording of a frequency in a confirmation.
FREQUENCY_TEXTS: dict[Frequency, str] = {
    "at_once": "一有新的就发",
    "daily": "每天上午发一次",
    "weekly": "每周一上午发一次",
}
#: The hour from which daily and weekly digests go out.
MORNING = 9
_PATTERNS = patterns("push_frequency")


def extract_frequency(text: str) -> Frequency | None:
    """Return the frequency that a text asks for, None when it names none."""
    if _PATTERNS["weekly"].search(text):
        return "weekly"
    if _PATTERNS["daily"].search(text):
        return "daily"
    return "at_once" if _PATTERNS["at_once"].search(text) else None


def is_due(frequency: str, last: datetime, now: datetime) -> bool:
    """Tell whether a digest is due; `last` is when the last one was made, or the subscription.

    A weekly one is due from Monday morning on; when Monday is free, on the next day that is not.
    """
    last, now = last.astimezone(CHINA), now.astimezone(CHINA)
    if frequency == "at_once":
        return True
    if now.hour < MORNING:
        return False
    if frequency == "daily":
        return last.date() < now.date()
    return last.isocalendar()[:2] < now.isocalendar()[:2]
