"""Read years of experience, from messages (干过三年) and from fields of postings (3-5年)."""

from __future__ import annotations

import re

from bot.caches import process_cache
from bot.text.chinese_numbers import pair, value
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

_PATTERNS = patterns("experience")
#: Years of a trade as told; years before or after something, ages and pay by the year are none.
YEARS = _PATTERNS["years"].pattern
#: More years than anybody works at one trade.
_MAX_YEARS = 50


def extract(text: str) -> list[TextSpan[int]]:
    """Return the whole years of experience a normalised message states."""
    spans = []
    for hit in _PATTERNS["stated"].finditer(text):
        years = whole_years(hit, 0)
        if years:
            spans.append(years)
    return spans


def whole_years(hit: re.Match[str], group: str | int) -> TextSpan[int] | None:
    """Return the years of a match of YEARS, of 两三年 the less, standing where a group does."""
    both = pair(hit["number"])
    years = both[0] if both else value(hit["number"])
    if not years or years > _MAX_YEARS:
        return None
    return TextSpan(int(years), *hit.span(group), hit[group])


@process_cache(size=5_000)
def from_posting_text(text: str) -> int | None:
    """Return the least years that a posting asks for (0: none), None when not stated."""
    if not text.strip():
        return None
    number = re.search(r"(\d{1,2})", text)
    if number and "以下" not in text and "以内" not in text:
        return int(number.group(1))
    return 0 if number or _PATTERNS["not_required"].search(text) else None
