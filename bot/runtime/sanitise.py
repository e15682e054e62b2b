"""Inbound texts, made safe before Rasa sees them and before anything is written down."""

from __future__ import annotations

import re

from bot.text.private_numbers import masked
from bot.text.quotations import own_words

#: Characters of one message that are kept. A longer one keeps its beginning and its end, where
#: the question often stands.
HEAD_CHARS, TAIL_CHARS = 600, 400
#: Characters that are read at all; more than an SMS of ten parts or a message of WeChat holds.
#: A quotation above the answer is gone before the rest is cut.
MAX_RAW_CHARS = 8000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
#: Rasa executes a text that begins with "/" as an intent (and the full-width one after NFKC).
_COMMAND = re.compile(r"^[\s/／⁄∕\\]+")


def clean(text: object) -> str:
    """Return a typed text as plain text that can never be an intent; anything else is empty.

    Quotations are taken off, private numbers masked (bot/text/private_numbers.py). Takes time in
    proportion to what is kept, whatever comes in.
    """
    if not isinstance(text, str):
        return ""
    text = _cut(text, MAX_RAW_CHARS // 2, MAX_RAW_CHARS // 2)
    text = _CONTROL.sub("", text.encode("utf-8", "ignore").decode("utf-8"))
    text = _cut(masked(own_words(text)), HEAD_CHARS, TAIL_CHARS)
    return _COMMAND.sub("", text).strip()


def _cut(text: str, beginning: int, end: int) -> str:
    """Return a text, of a long one its beginning and its end."""
    return text if len(text) <= beginning + end else f"{text[:beginning]} {text[-end:]}"
