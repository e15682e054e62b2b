"""Find many names at once in a text: spaCy's phrase matcher over characters.

Characters, not words: a segmentation that glues 招普工 together would hide 普工. A name with one
space inside is read as well: 招叉 车司机 names the 叉车司机, not a 司机.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from bot.caches import process_cache
from bot.rasa_stubs import install_stubs

# spaCy imports its command line first; the packages of that are not installed.
install_stubs()

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

T = TypeVar("T")

#: One space between two Chinese characters.
_GAP = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
#: Neighbours of a name of two characters that a space parts.
_BEFORE_PARTED = patterns("gazetteer")["before_parted_name"]
_AFTER_PARTED = patterns("gazetteer")["after_parted_name"]


@process_cache(size=1)
def _spacy_vocabulary() -> Vocab:
    return Vocab()


#: Stands for a character that no name has: spaCy keeps every word it ever saw, and what people type
#: (every emoji, every script) must not fill the memory.
_FOREIGN = "\ufffd"
#: Stands between pieces of a text: no name has it.
_BORDER = "\x00"


def _character_tokens(words: list[str]) -> Doc:
    """Return a text as spaCy sees it: each character, a space as well, is a token."""
    return Doc(_spacy_vocabulary(), words=words, spaces=[False] * len(words))


class Gazetteer(Generic[T]):
    """Names and what they mean; finds the leftmost longest of them."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._meanings: dict[str, T] = dict(entries)
        self._alphabet = frozenset(char for name in self._meanings for char in name)
        words = _spacy_vocabulary()
        # Patterns as the numbers of their characters, which spaCy's types do not tell of: a Doc for
        # each name costs ten times as much. One number object a character: spaCy keeps them all.
        numbers = {char: words.strings.add(char) for char in sorted(self._alphabet)}
        name_patterns: Any = [[numbers[char] for char in name] for name in self._meanings]
        self._matcher = PhraseMatcher(words)
        self._matcher.add("name", name_patterns)

    def __contains__(self, name: str) -> bool:
        return name in self._meanings

    def find(self, text: str) -> list[TextSpan[T]]:
        """Return the names found, without overlaps: of two, the longer, then the earlier."""
        spans = self._exact_matches(text)
        if _GAP.search(text):
            parted = list(
                self._matches_across_spaces(text, [(span.start, span.end) for span in spans])
            )
            inside = [
                span
                for span in spans
                if any(p.start <= span.start and span.end <= p.end for p in parted)
            ]
            spans = [span for span in spans if span not in inside] + parted
        return sorted(spans, key=lambda span: span.start)

    def find_in(self, pieces: Sequence[str]) -> list[list[TextSpan[T]]]:
        """Return the names of each piece, as `find` does, with one pass over all of them."""
        if any(_GAP.search(piece) or _BORDER in piece for piece in pieces):
            return [self.find(piece) for piece in pieces]
        spans_by_piece: list[list[TextSpan[T]]] = [[] for _ in pieces]
        piece, start, end = 0, 0, len(pieces[0]) if pieces else 0
        for span in self._exact_matches(_BORDER.join(pieces)):
            while span.start >= end:
                piece, start = piece + 1, end + 1
                end = start + len(pieces[piece])
            spans_by_piece[piece].append(
                TextSpan(span.value, span.start - start, span.end - start, span.text)
            )
        return spans_by_piece

    def _matches_across_spaces(
        self, text: str, exact_spans: list[tuple[int, int]]
    ) -> Iterator[TextSpan[T]]:
        """Yield the names with a space inside: those longer than what was read in their place."""
        indexes = [index for index in range(len(text)) if not _GAP.match(text, index)]
        for span in self._exact_matches("".join(text[index] for index in indexes)):
            start, end = indexes[span.start], indexes[span.end - 1] + 1
            gaps = end - start - len(span.text)
            overlapping = [(a, b) for a, b in exact_spans if start < b and a < end]
            longer = len(span.text) > 2 and all(start <= a and b <= end for a, b in overlapping)
            if not gaps or (overlapping and not longer):
                continue
            stands_alone = _BEFORE_PARTED.search(text[:start]) and _AFTER_PARTED.match(text, end)
            if (len(span.text) > gaps + 1 and longer) or stands_alone:
                yield TextSpan(span.value, start, end, span.text)

    def _exact_matches(self, text: str) -> list[TextSpan[T]]:
        characters = [char if char in self._alphabet else _FOREIGN for char in text]
        spans = {(start, end) for _, start, end in self._matcher(_character_tokens(characters))}
        chosen: list[tuple[int, int]] = []
        for start, end in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
            if _has_latin_word_borders(text, start, end) and all(
                end <= a or b <= start for a, b in chosen
            ):
                chosen.append((start, end))
        return [
            TextSpan(self._meanings[text[start:end]], start, end, text[start:end])
            for start, end in sorted(chosen)
            if text[start:end] in self._meanings
        ]


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _has_latin_word_borders(text: str, start: int, end: int) -> bool:
    """A Latin name counts only as a word of its own: java is not in javascript."""
    latin_before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    latin_after = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not (latin_before or latin_after)
