"""What comes in from people, made safe before Rasa sees it."""

from __future__ import annotations

import re

#: Characters of one message that are kept. A longer one keeps its beginning and its end, where
#: the question often stands.
BEGINNING, END = 600, 400
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
#: Rasa executes a text that begins with "/" as an intent (and the full-width one after NFKC).
_COMMAND = re.compile(r"^[\s/／⁄∕\\]+")


def clean(text: object) -> str:
    """Return a typed text as plain text that can never be an intent; anything else is empty."""
    if not isinstance(text, str):
        return ""
    if len(text) > BEGINNING + END:
        text = f"{text[:BEGINNING]} {text[-END:]}"
    text = text.encode("utf-8", "ignore").decode("utf-8")
    return _COMMAND.sub("", _CONTROL.sub("", text)).strip()
