"""Read occupations: the trades a message names, and the trade a posting's title is for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from bot.text.fuzzy_names import NearNames
from bot.text.normalise import normalise, without_brackets
from bot.text.pattern_file import patterns
from bot.text.phrase_matcher import Gazetteer
from bot.text.text_span import TextSpan
from bot.vocabulary.vocabulary import Vocabulary

#: Most occupations that one title is read as.
MAX_OCCUPATIONS = 3
_PATTERNS = patterns("occupations")
#: Parts of a title that tell nothing of the trade.
NOISE = _PATTERNS["title_noise"]
_SPLIT = re.compile(r"(?:[\s/、，,|·＋&（）()\[\]【】\-—:：;；。!！*]|(?<![c+])\+(?!\+)){1,99}")


class OccupationReader:
    """Reads occupations with one vocabulary."""

    def __init__(self, words: Vocabulary) -> None:
        meanings: dict[str, list[str]] = {}
        for occupation in words.occupations.values():
            for name in (occupation.name, *occupation.aliases):
                occupation_names = meanings.setdefault(normalise(name).text, [])
                if occupation.name not in occupation_names:
                    occupation_names.append(occupation.name)
        own_names = {normalise(name).text: name for name in words.occupations}
        # A name of the vocabulary means itself first, whatever else uses it as an alias.
        meanings_by_name = {
            name: (own_names[name], *(m for m in means if m != own_names[name]))
            if name in own_names
            else tuple(means)
            for name, means in meanings.items()
        }
        self._titles = Gazetteer(meanings_by_name.items())
        only_in_titles = words.with_care["title_only"]
        message_names = {
            name: means for name, means in meanings_by_name.items() if name not in only_in_titles
        }
        self._by_name = message_names
        self._of_verb = words.trade_verbs
        self._contexts = words.trade_contexts
        self._sound_like_names = words.with_care["sound_like_names"]
        self._ranks = words.with_care["ranks"]

    @cached_property
    def _messages(self) -> Gazetteer[tuple[str, ...]]:
        """Names in messages; an import, which reads titles alone, does without."""
        return Gazetteer(self._by_name.items())

    @cached_property
    def _mistyped_names(self) -> NearNames[tuple[str, ...]]:
        common = self._sound_like_names
        entries = self._by_name.items()
        left_context = _PATTERNS["before_mistyped_name"].pattern
        right_context = _PATTERNS["after_mistyped_name"].pattern
        return NearNames(entries, left_context, right_context, common, edited_from=4)

    def names(self) -> Iterator[str]:
        """Yield every name that a message can call a trade by."""
        yield from self._by_name

    def meanings_of(self, name: str) -> tuple[str, ...]:
        """Return the trades that a name means in a message, none for what is no name."""
        return self._by_name.get(name, ())

    def occupations_of_verb(self, verb: str) -> tuple[str, ...]:
        """Return the trade that a verb names by itself (焊), none for other verbs."""
        return self._of_verb.get(verb, ())

    def read(self, text: str) -> list[TextSpan[tuple[str, ...]]]:
        """Return the trades a normalised message names, also mistyped."""
        exact = self._messages.find(text)
        mistyped = self._mistyped_names.find(text, [(hit.start, hit.end) for hit in exact])
        attended = {hit.end() for hit in _PATTERNS["attended"].finditer(text)}
        accepted = (
            hit
            for hit in exact
            if hit.end not in attended
            and not _PATTERNS["changes_meaning"].match(text[hit.end :])
            and not _PATTERNS["ridden"].search(text[max(0, hit.start - 1) : hit.start])
        )
        spans = sorted([*accepted, *mistyped], key=lambda hit: hit.start)
        return [self._in_context(text, hit) for hit in spans]

    def _in_context(self, text: str, hit: TextSpan[tuple[str, ...]]) -> TextSpan[tuple[str, ...]]:
        """Return a name with the trade that it means in its message."""
        context, means = self._contexts.get(hit.text, (None, ()))
        return replace(hit, value=means) if context and context.search(text) else hit

    def title(self, title: str) -> list[str]:
        """Return the occupations a posting's title is for, best first, at most three.

        The head of a Chinese title stands last (电商客服 is a 客服), so within a piece the last
        name counts most; pieces in brackets and after a dash count less.
        """
        text = normalise(title).text
        outside_brackets = without_brackets(text)
        names = self._occupations_of(_SPLIT.split(NOISE.sub(" ", outside_brackets)))
        if not names:
            names = self._occupations_of(_SPLIT.split(NOISE.sub(" ", text)))
        return names[:MAX_OCCUPATIONS] or self._occupations_of(_SPLIT.split(text))[:MAX_OCCUPATIONS]

    def _occupations_of(self, pieces: Iterable[str]) -> list[str]:
        hits: list[tuple[int, int, tuple[str, ...]]] = []
        for piece_index, spans in enumerate(self._titles.find_in(list(pieces))):
            ranked = sorted(spans, key=lambda hit: (hit.text in self._ranks, -hit.start))
            for rank, hit in enumerate(ranked):
                hits.append((rank + 5 * (hit.text in self._ranks), piece_index, hit.value))
        names: list[str] = []
        for _, _, means in sorted(hits, key=lambda h: (h[0] > 4, h[0] > 0, h[1], h[0])):
            if means[0] not in names:
                names.append(means[0])
        return names
