"""Requests in a message: two questions at once, or a story and its question.

`失业金咋领 顺便问下大连有招保安的没` holds two; `老板欠我仨月工资 电话也不接 咋整` holds one, with
its story before it.
"""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns

_PATTERNS = patterns("requests")
#: A request has at least so many characters.
MIN_CHARS = 3


def is_request(text: str) -> bool:
    """Tell whether a clause asks or wishes for something."""
    return len(text) >= MIN_CHARS and bool(_PATTERNS["request"].search(text))


def requests(text: str) -> list[tuple[int, int]]:
    """Return the spans of the requests of a normalised message, each with the story before it.

    A message with fewer than two is one span, whole.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for clause_start, clause_end in clauses(text):
        if is_request(_PATTERNS["further_request"].sub("", text[clause_start:clause_end])):
            spans.append((start, clause_end))
            start = clause_end
    if len(spans) < 2:
        return [(0, len(text))]
    # The text after the last question belongs to it.
    spans[-1] = (spans[-1][0], len(text))
    return [_trimmed(text, span) for span in spans]


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the spans between breaks; a question mark belongs to its clause."""
    edges, position = [], 0
    for hit in _PATTERNS["break"].finditer(text):
        edges.append(
            (position, hit.end() if "?" in hit.group() or "？" in hit.group() else hit.start())
        )
        position = hit.end()
    edges.append((position, len(text)))
    return [(start, end) for start, end in edges if end > start]


def _trimmed(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span without the breaks and the 顺便 at its beginning."""
    start, end = span
    lead = re.match(r"[\s,，。.;；!！?？、]{0,99}", text[start:end])
    start += lead.end() if lead else 0
    also = _PATTERNS["further_request"].match(text[start:end])
    return start + (also.end() if also else 0), end
