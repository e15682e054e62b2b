"""Texts as the models see them, and the rows that they learn from: examples and their variants."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.augmentation import Variants
from bot.nlu.ngrams import masked, ngrams
from bot.settings import settings
from bot.text.normalise import normalise
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.persons import SELF

#: The examples speak from this region (GB/T 2260), whatever place an installation serves.
EXAMPLES_REGION = "210000"
Entities = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class MaskedText:
    """A text in its one form, and the same with its entities masked."""

    text: str
    masked: str

    @classmethod
    def from_text(cls, typed: str, entities: Entities, home: str) -> MaskedText:
        """Normalise a text and mask its entities; `home` is the code of the region served."""
        read = normalise(typed)
        position_of = {index: i for i, index in reversed(list(enumerate(read.origin)))}
        spans = [
            (position_of[e["start"]], position_of[e["end"]], _kind(e, home))
            for e in entities
            if e["start"] in position_of and e["end"] in position_of
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
    is_outside = bool(code) and code[:2] != home[:2]
    return "region_away" if is_outside else str(entity["entity"])


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

    reading: MaskedText
    example: int
    """The number of the example that it is or was made from."""


def rows(examples: Sequence[Example], variants: int) -> list[Row]:
    """Return the examples' rows in their order, then those of up to `variants` of each."""
    learned = [Row(_masked_text(e.text, e.entities), index) for index, e in enumerate(examples)]
    texts = [example.text for example in examples]
    learned += [Row(_masked_text(text, None), index) for index, text in _variants(texts, variants)]
    return learned


def _masked_text(text: str, entities: Entities | None) -> MaskedText:
    read_entities = message_reader().read(text) if entities is None else entities
    return MaskedText.from_text(text, read_entities, EXAMPLES_REGION)


def _variants(texts: Sequence[str], limit: int) -> Iterator[tuple[int, str]]:
    if limit:
        make = Variants(settings().data_file("vocab", "variants.yml"), texts)
        for index, text in enumerate(texts):
            yield from ((index, variant.text) for variant in make.make_variants(text, limit))
