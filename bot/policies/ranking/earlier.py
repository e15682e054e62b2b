"""Find the earlier matter of a talk that a message takes up again: 刚才说的折现那事.

A message goes back in so many words, or names a sum that was told some messages ago and not in
the last one (那两千能要回来不). It is read then with what was said of that matter, not with what
came between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.policies.ranking.talk_context import READ_CHARS
from bot.search.bm25 import tokens
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import Patterns, read_patterns

#: How much the words tell that a message shares with an earlier one it goes back to.
MIN_SHARED_RARITY = 2.5
#: Messages that are looked back on, the latest included.
MAX_MATTERS = 8
#: Patterns of what points to an earlier message by standing in both.
POINTING = ("sum", "span_pointed_at")
_BREAK = re.compile(r"[,，。;；!！?？\s]")


@dataclass(frozen=True)
class Matter:
    """A message of the person, and the policy that it was answered from."""

    text: str
    topic: str | None


def refers_back(text: str, by_words: bool = False) -> bool:
    """Tell whether a message has words that go back, or a sum that may have been told before.

    `by_words`: a sum alone is not enough.
    """
    normalised, patterns = normalise(text).text, _patterns()
    if patterns["back"].search(normalised):
        return True
    return not by_words and any(patterns[name].search(normalised) for name in POINTING)


def resumed_matter(
    text: str, matters: Sequence[Matter], rarity: Callable[[str], float]
) -> Matter | None:
    """Return the earlier matter that a message takes up; None when it goes on from the last.

    `matters` are the person's messages before, oldest first; `rarity` says how much a token tells.
    The text of the matter is cut to what stands around the words that both share.
    """
    if len(matters) < 2:
        return None
    patterns, normalised = _patterns(), normalise(text).text
    recent = matters[-MAX_MATTERS:]
    pointers = (hit.group() for name in POINTING for hit in patterns[name].finditer(normalised))
    marks = {mark for mark in pointers if mark not in normalise(recent[-1].text).text}
    for matter in reversed(recent[:-1]):
        mark = next((sign for sign in marks if sign in normalise(matter.text).text), None)
        if mark:
            return _around(matter, mark)
    if not patterns["back"].search(normalised):
        return None
    own = frozenset(token for token in tokens(normalised) if len(token) > 1)
    shared = [own & frozenset(tokens(matter.text)) for matter in recent]
    weights = [sum(map(rarity, common)) for common in shared]
    best = max(range(len(recent)), key=lambda at: (weights[at], at))
    if best == len(recent) - 1 or weights[best] < MIN_SHARED_RARITY:
        return None
    return _around(recent[best], max(sorted(shared[best]), key=rarity))


def _around(matter: Matter, mark: str) -> Matter:
    """Return a matter with what stands around a mark, from the break before it on."""
    text = normalise(matter.text).text
    position = text.find(mark)
    if len(text) <= READ_CHARS or position < 0:
        return replace(matter, text=text)
    first = max(0, position + len(mark) - READ_CHARS // 2)
    breaks = [hit.end() for hit in _BREAK.finditer(text, first, position + 1)]
    start = breaks[0] if breaks else first
    return replace(matter, text=text[start : start + READ_CHARS])


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", "going_back.yml"))
