"""Polarity of a span of text: wanted, ruled out (不要销售) or of the past (以前开大车)."""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns

_CLAUSE_END = r"[,，。.;；!！?？\s]"
_PATTERNS = patterns("polarity")


def is_ruled_out(text: str, start: int, end: int) -> bool:
    """Tell whether the span is ruled out by the words around it, within its clause."""
    return bool(
        _PATTERNS["ruled_out_before"].search(
            _PATTERNS["verb_or_not"].sub(r"\1", _clause_before(text, start))
        )
        or _PATTERNS["ruled_out_after"].search(text[end : end + 12])
        or _is_denied(text, start)
    )


def _is_denied(text: str, start: int) -> bool:
    """Tell whether a bare 不 stands before what is done: 不送外卖; not in 开不开车."""
    preceding = text[max(0, start - 2) : start]
    return preceding.endswith("不") and preceding[:-1] != text[start : start + 1]


def is_former(text: str, start: int, end: int) -> bool:
    """Tell whether the span is a former trade of the person rather than a wish."""
    preceding = _clause_before(text, start)
    if _PATTERNS["past_before"].search(preceding):
        return True
    done = _PATTERNS["done_before"].search(preceding) or _PATTERNS["done_after"].search(
        text[end : end + 10]
    )
    if done and _PATTERNS["wants_out"].search(text):
        return True
    has_years = _PATTERNS["years_before"].search(preceding) or _PATTERNS["years_after"].match(
        text[end : end + 10]
    )
    return bool(has_years and _PATTERNS["leaves_trade"].search(text))


def _clause_before(text: str, start: int) -> str:
    return re.split(_CLAUSE_END, text[max(0, start - 14) : start])[-1]
