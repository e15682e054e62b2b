"""Tell trades that a message only speaks of (会计说…, 有办公室有前台) from those it may wish for.

The patterns stand in data/vocab/trade_talk.yml. What is ruled out or was done before is read
elsewhere (bot/text/negation.py).
"""

from __future__ import annotations

import re

from bot.settings import settings
from bot.text.pattern_file import Patterns, read_patterns

_CLAUSE_END = re.compile(r"[,，。.;；!！?？\s]")
#: Characters that are looked at before and after a trade.
_CHARS_BEFORE, _CHARS_AFTER = 16, 16


def is_only_mentioned(text: str, start: int, end: int) -> bool:
    """Tell whether the trade in a span of a normalised text is of a story, and no wish.

    A person called by it says or does something, or is turned to; a place is said to have one; or
    it need not be one.
    """
    find = read_patterns(settings().data_file("vocab", "trade_talk.yml"))
    preceding, following = (
        text[max(0, start - _CHARS_BEFORE) : start],
        text[end : end + _CHARS_AFTER],
    )
    clause = _clause(text, start, end)
    return (
        _acts(find, preceding, text[start:end], following, clause)
        or _is_amenity(find, preceding, clause)
        or bool(
            find["without_before"].search(preceding) and find["without_behind"].search(following)
        )
    )


def _acts(find: Patterns, preceding: str, trade: str, following: str, clause: str) -> bool:
    """Tell whether a trade stands for a person in a story."""
    if find["says_behind"].search(following):
        return True
    if find["of_work"].search(clause):
        return False
    if find["turned_to_before"].search(preceding):
        return True
    return bool(find["looked_up_before"].search(preceding) and find["looked_up"].search(trade))


def _is_amenity(find: Patterns, preceding: str, clause: str) -> bool:
    """Tell whether a trade is among the things that a place is said to have."""
    if not find["has_before"].search(preceding) or find["asks"].search(clause):
        return False
    return bool(find["has_also"].search(clause))


def _clause(text: str, start: int, end: int) -> str:
    """Return the words between two breaks around a span."""
    first = 0
    for hit in _CLAUSE_END.finditer(text, 0, start):
        first = hit.end()
    last = _CLAUSE_END.search(text, end)
    return text[first : last.start() if last else len(text)]
