"""Texts as the models see them, and the rows that they learn from: examples and their variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.ngrams import masked, ngrams
from bot.nlu.variants import Variants
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.people import SELF
from bot.text.reader import message_reader

#: The examples speak from this region (GB/T 2260), whatever place an installation serves.
EXAMPLES_REGION = "210000"
Entities = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Reading:
    """A text in its one form, and the same with its entities masked."""

    text: str
    masked: str

    @classmethod
    def of(cls, typed: str, entities: Entities, home: str) -> Reading:
        """Normalise a text and mask its entities; `home` is the code of the region served."""
        read = normalise(typed)
        back = {at: i for i, at in reversed(list(enumerate(read.origin)))}
        spans = [
            (back[e["start"]], back[e["end"]], _kind(e, home))
            for e in entities
            if e["start"] in back and e["end"] in back
        ]
        return cls(read.text, masked(read.text, spans))

    def document(self) -> Counter[str]:
        """Return the n-grams with their counts."""
        return ngrams(self.text, self.masked) if self.text else Counter()


def _kind(entity: Mapping[str, Any], home: str) -> str:
    """Return the kind that is masked: a place of another province is not one of ours."""
    if entity["entity"] == "person" and entity["value"] == SELF:
        return SELF  # has no mask: 我 is a word like any other
    code = str(entity["value"] or "") if entity["entity"] == "region" else ""
    away = bool(code) and code[:2] != home[:2]
    return "region_away" if away else str(entity["entity"])


@dataclass(frozen=True)
class Example:
    """An utterance of data/nlu with its labels."""

    text: str
    act: str
    topic: str | None
    entities: Entities | None = None
    """None when they are not read yet."""


@dataclass(frozen=True)
class Row:
    """A text that is learned from."""

    reading: Reading
    example: int
    """The number of the example that it is or was made from."""


def rows(examples: Sequence[Example], variants: int) -> list[Row]:
    """Return the examples' rows in their order, then those of up to `variants` of each."""
    learned = [Row(_reading(e.text, e.entities), at) for at, e in enumerate(examples)]
    texts = [example.text for example in examples]
    learned += [Row(_reading(text, None), at) for at, text in _variants(texts, variants)]
    return learned


def _reading(text: str, entities: Entities | None) -> Reading:
    found = message_reader().read(text) if entities is None else entities
    return Reading.of(text, found, EXAMPLES_REGION)


def _variants(texts: Sequence[str], most: int) -> Iterator[tuple[int, str]]:
    if most:
        make = Variants(settings().data / "vocab" / "variants.yml", texts)
        for at, text in enumerate(texts):
            yield from ((at, variant.text) for variant in make.of(text, most))
