"""Detection of questions."""

from __future__ import annotations

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns

_PATTERNS = patterns("question")


def is_question(text: str) -> bool:
    """Tell whether a message asks something."""
    return bool(_PATTERNS["asks"].search(normalise(text).text))


def asks_or_not(text: str) -> bool:
    """Tell whether a message asks something, also in the words of 有没有 and 有宿舍没."""
    return is_question(text) or bool(_PATTERNS["asks_or_not"].search(normalise(text).text))
