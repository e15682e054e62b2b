"""Find many names at once in a text: spaCy's phrase matcher over characters.

Characters, not words: a segmentation that glues 招普工 together would hide 普工.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from spacy.language import Language
from spacy.matcher import PhraseMatcher

from bot.text.found import Found

T = TypeVar("T")


@lru_cache(maxsize=1)
def _characters() -> Language:
    """spaCy's Chinese without a model: each character is a token."""
    from spacy.lang.zh import Chinese

    return Chinese()


class Gazetteer(Generic[T]):
    """Names and what they mean; finds the leftmost longest of them."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._meanings: dict[str, T] = dict(entries)
        language = _characters()
        self._make = language.make_doc
        self._matcher = PhraseMatcher(language.vocab)
        self._matcher.add("name", [self._make(name) for name in self._meanings])

    def __contains__(self, name: str) -> bool:
        return name in self._meanings

    def find(self, text: str) -> list[Found[T]]:
        """Return the names found, without overlaps: of two, the longer, then the earlier."""
        doc = self._make(text)
        spans = [
            (doc[a].idx, doc[b - 1].idx + len(doc[b - 1].text)) for _, a, b in self._matcher(doc)
        ]
        kept: list[tuple[int, int]] = []
        for start, end in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0])):
            if _at_word_border(text, start, end) and all(end <= a or b <= start for a, b in kept):
                kept.append((start, end))
        return [
            Found(self._meanings[text[start:end]], start, end, text[start:end])
            for start, end in sorted(kept)
            if text[start:end] in self._meanings
        ]


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _at_word_border(text: str, start: int, end: int) -> bool:
    """A Latin name counts only as a word of its own: java is not in javascript."""
    before = start > 0 and _latin(text[start]) and _latin(text[start - 1])
    after = end < len(text) and _latin(text[end - 1]) and _latin(text[end])
    return not (before or after)
