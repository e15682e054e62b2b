"""Read schooling as the ids of the taxonomy, from messages and from fields of postings."""

from __future__ import annotations

import re

from bot.caches import process_cache
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

#: Lowest first.
LEVELS = ("none", "junior", "senior", "vocational", "college", "bachelor", "master")
#: Names of the levels in postings.
NAMES = {
    "none": "不限",
    "junior": "初中",
    "senior": "高中",
    "vocational": "中专",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士",
}
_PATTERNS = patterns("education")


def extract(text: str) -> list[TextSpan[str]]:
    """Return the schooling a normalised message states."""
    spans = [
        TextSpan(level, hit.start(), hit.end(), hit.group())
        for level in reversed(LEVELS)
        for hit in _PATTERNS[level].finditer(text)
        if not _is_school(text, hit) and not (level != "none" and _is_denied(text, hit))
    ]
    return sorted(spans, key=lambda span: span.start)


def _is_denied(text: str, hit: re.Match[str]) -> bool:
    """Tell whether the words before a school deny it."""
    return bool(_PATTERNS["denial"].search(text[max(0, hit.start() - 6) : hit.start()]))


def _is_school(text: str, hit: re.Match[str]) -> bool:
    """Tell whether the words name a school as a place: 小学老师, 高中食堂, 孩子上初中."""
    preceding = text[max(0, hit.start() - 10) : hit.start()]
    return bool(
        _PATTERNS["school"].match(hit.group())
        and (
            _PATTERNS["after_school_place"].match(text, hit.end())
            or _PATTERNS["pupil"].search(preceding)
        )
    )


@process_cache(size=5_000)
def from_posting_text(text: str) -> str | None:
    """Return the lowest schooling that a posting asks for (`none`: none), None when not stated."""
    if not text.strip():
        return None
    if _PATTERNS["up_to"].search(text):
        return "none"
    levels = [level for level in LEVELS[1:] if _PATTERNS[level].search(text)]
    if levels:
        return levels[0]
    none_asked = _PATTERNS["not_required"].search(text) or _PATTERNS["none"].search(text)
    return "none" if none_asked else None


def is_sufficient(has: str, required: str | None) -> bool:
    """Tell whether a schooling reaches what a posting asks for."""
    return required is None or LEVELS.index(has) >= LEVELS.index(required)
