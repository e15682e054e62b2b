"""Tone of a message: despair, abuse, or an attempt to instruct the assistant.

Despair must never be missed because a classifier was unsure, so plain words decide before it.
"""

from __future__ import annotations

from typing import Literal

from bot.text.pattern_file import patterns

Tone = Literal["despair", "abuse", "injection"]

_PATTERNS = patterns("tone")


def tone(text: str) -> Tone | None:
    """Return the tone of a normalised message, None for an ordinary one."""
    if _PATTERNS["despair"].search(text):
        return "despair"
    if _PATTERNS["injection"].search(text):
        return "injection"
    return (
        "abuse"
        if _PATTERNS["abuse"].search(text) and not _PATTERNS["hard_on_oneself"].search(text)
        else None
    )
