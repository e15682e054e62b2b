"""Read lengths of time in months: 八年, 八年零三个月, 六年半, 俩月, 半年."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

_PATTERNS = patterns("durations")


@dataclass(frozen=True)
class Duration:
    """A length of time."""

    months: int
    """In whole months; a half month is left out."""


def extract(text: str) -> list[TextSpan[Duration]]:
    """Return the lengths of time of a normalised message; years of the calendar are none."""
    spans = []
    for hit in _PATTERNS["length"].finditer(text):
        months = _months(hit)
        is_rate = _PATTERNS["rate"].match(text[hit.start() :])
        if months and not is_rate and not _PATTERNS["ago"].match(text, hit.end()):
            spans.append(TextSpan(Duration(months), hit.start(), hit.end(), hit.group()))
    return spans


def _months(hit: re.Match[str]) -> int | None:
    if hit["half_year"]:
        return 6
    if hit["only"]:
        only = value(hit["only"])
        return round(only) if only and only <= 120 and not _is_date(hit) else None
    years = value(hit["years"])
    if years is None or years > 60:
        return None
    months = value(hit["months"]) if hit["months"] else 0
    return round(years * 12 + (6 if hit["half"] else 0) + (months or 0))


def _is_date(hit: re.Match[str]) -> bool:
    """12月 is a month of the year; 12个月 is a length."""
    return "个" not in hit.group() and hit["only"].isdigit() and int(hit["only"]) <= 12
