"""Number of people that a posting seeks: 招聘人数：3人, 招5名, 急招10人."""

from __future__ import annotations

import re

from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns

_STATED = patterns("headcount")["stated"]
_NUMBER = re.compile(r"\d{1,5}")
#: A larger number in a posting is something else.
MAX_HEADCOUNT = 2000


def from_posting_text(text: str) -> int | None:
    """Return the number of people a posting's words seek, None when they state none."""
    if "招" not in text and "人数" not in text and "名额" not in text and "聘" not in text:
        return None
    hit = _STATED.search(text)
    number = value(hit.group(1) or hit.group(2)) if hit else None
    return int(number) if number and 1 <= number <= MAX_HEADCOUNT else None


def from_field(cell: str | None) -> int | None:
    """Return the number in a field of its own (3人, 若干), None when it holds none."""
    hit = _NUMBER.search(cell) if cell else None
    return int(hit.group()) if hit and 1 <= int(hit.group()) <= MAX_HEADCOUNT else None
