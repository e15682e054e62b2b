"""Schooling, experience, pay and place in a posting's text: only in unambiguous words."""

from __future__ import annotations

from collections.abc import Iterator

from bot.text.pattern_file import patterns

_PATTERNS = patterns("posting_in_text")


def education(text: str) -> str:
    """Return the words that ask for schooling, empty when none do."""
    hit = _PATTERNS["education"].search(text) if "学历" in text or "以上" in text else None
    return hit.group() if hit else ""


def experience(text: str) -> str:
    """Return the words that ask for experience, empty when none do."""
    hit = _PATTERNS["experience"].search(text) if "经验" in text or "年限" in text else None
    return hit.group() if hit else ""


def pays(text: str) -> Iterator[str]:
    """Yield the words that state the pay, first to last."""
    return ("".join(hit.groups()).strip() for hit in _PATTERNS["pay"].finditer(text))


def place(text: str) -> str:
    """Return the words that state the place, empty when none do."""
    hit = _PATTERNS["place"].search(text)
    return hit.group(1) if hit else ""
