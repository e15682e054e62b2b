"""Keyword prefilter: only patterns with a plain word in a text are tried on it.

All plain words are looked for at once, in one pass. What is returned may hold a few keys too
many, never one too few.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping


class KeywordPrefilter:
    """Finds the keys with a plain word in a text, in one pass for all."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        keys: dict[str, set[str]] = defaultdict(set)
        for key, those in words.items():
            for word in those:
                keys[word].add(key)
        # Of 住宿 and 住宿费 the pass looks for the shorter one, and both stand for it.
        shortest = [w for w in keys if not any(w[:end] in keys for end in range(1, len(w)))]
        beginning: dict[str, list[str]] = defaultdict(list)
        for word in keys:
            for end in range(1, len(word) + 1):
                beginning[word[:end]].append(word)
        self._keys = {
            w: frozenset().union(*(keys[o] for o in _possible_words(w, beginning)))
            for w in shortest
        }
        tails: dict[str, list[str]] = defaultdict(list)
        for word in shortest:
            tails[word[0]].append(re.escape(word[1:]))
        self._pass = re.compile(
            "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items())
        )

    def keys(self, text: str) -> set[str]:
        """Return the keys with a word in a text."""
        matching: set[str] = set()
        for word in set(self._pass.findall(text)):
            matching |= self._keys[word]
        return matching


def _possible_words(word: str, beginning: Mapping[str, list[str]]) -> set[str]:
    """Return the words that a match of one may stand for: longer and overlapping ones too.

    `beginning` has the words by each of their beginnings.
    """
    words: set[str] = set()
    for start in range(len(word)):
        tail = word[start:]
        words.update(beginning.get(tail, ()))
        heads = (tail[:end] for end in range(1, len(tail)))
        words.update(head for head in heads if head in beginning.get(head, ()))
    return words
