"""Quotations in a message, and the placeholders of WeChat for what it cannot hand on.

A reply to a message brings that message along. The person's own words stand below it.
"""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns

#: WeChat's own form: 「谁：…」, a line of dashes, the words.
_OPENS = ("「", "“", '"')
_CLOSED = re.compile(r"[」”\"]\s{0,4}(?:[-—–―─－_=‐‑‒…][ \t]?){3,80}\s{0,4}")
_PATTERNS = patterns("quotations")
_EDGES = ' \t\r\n，,。.：:“”"「」>'


def own_words(text: str) -> str:
    """Return the person's own words without quotations; the text when there are none.

    A quoted push is cut only where a short answer remains: a question on an SMS of another sender
    needs its words.
    """
    below = _below_dashes(text)
    if below is not None:
        return below
    lines = text.split("\n")
    own_lines = [line for line in lines if not line.lstrip().startswith((">", "＞"))]
    if len(own_lines) < len(lines) and any(line.strip() for line in own_lines):
        return "\n".join(own_lines).strip()
    return _answer_to_push(text) or text


def _below_dashes(text: str) -> str | None:
    if not text.lstrip().startswith(_OPENS):
        return None
    last = None
    for last in _CLOSED.finditer(text):  # noqa: B007  # a quotation may hold another
        pass
    return text[last.end() :].strip() or None if last else None


def _answer_to_push(text: str) -> str | None:
    """Return the short answer next to a quoted push; None when there is none."""
    remainder = _PATTERNS["quoted_push"].sub(" ", text, count=1)
    if remainder == text:
        first, _, rest = text.strip().rpartition("\n")
        remainder = rest if first and _PATTERNS["signed"].match(text) else ""
    answer = _PATTERNS["quotation_label"].sub("", remainder.strip(_EDGES)).strip(_EDGES)
    return answer if _PATTERNS["short_answer"].fullmatch(answer) else None


def is_placeholder(text: str) -> bool:
    """Tell whether a message is nothing but what stands for a sticker, a picture, a file."""
    return (
        bool(_PATTERNS["placeholder"].search(text))
        and not _PATTERNS["placeholder"].sub("", text).strip()
    )
