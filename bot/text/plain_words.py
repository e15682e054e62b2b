"""Which of many patterns are worth trying on a text: those of which a plain word stands in it.

All plain words are looked for at once, in one pass. What is returned may hold a few keys too
many, never one too few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping


class PlainWords:
    """Keys and their plain words."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        keys: dict[str, set[str]] = defaultdict(set)
        for key, those in words.items():
            for word in those:
                keys[word].add(key)
        # Of 住宿 and 住宿费 the pass looks for the shorter one, and both stand for it.
        shortest = [w for w in keys if not any(o != w and w.startswith(o) for o in keys)]
        self._keys = {w: frozenset().union(*(keys[o] for o in _may_be(w, keys))) for w in shortest}
        tails: dict[str, list[str]] = defaultdict(list)
        for word in shortest:
            tails[word[0]].append(re.escape(word[1:]))
        self._pass = re.compile(
            "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())
        )

    def keys(self, text: str) -> set[str]:
        """Return the keys of which a word stands in a text."""
        found: set[str] = set()
        for word in set(self._pass.findall(text)):
            found |= self._keys[word]
        return found


def _may_be(word: str, words: Iterable[str]) -> list[str]:
    """Return the words that may stand where one was found: longer and overlapping ones too."""
    tails = [word[at:] for at in range(len(word))]
    return [o for o in words if any(o.startswith(tail) or tail.startswith(o) for tail in tails)]
