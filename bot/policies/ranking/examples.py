"""Annotated turns as examples: how like a message is to those that each unit answers.

The turns of data/policy_talks, reduced to short vectors by `python -m bot policies fit`. Every
turn stands twice: as the message alone, and read with the messages before it.
"""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.search.bm25 import Floats
from bot.settings import settings

logger = logging.getLogger(__name__)

Places = NDArray[np.intp]

#: The file, in the folder of the trained model.
FILE = "turn_examples.npz"
#: Dimensions that a vector keeps.
DIMENSIONS = 64
#: Number of nearest examples averaged: of one reading (alone, in the talk), and of both combined.
TOP_SINGLE, TOP_COMBINED = 2, 3
#: The likeness to a unit that has no example, and of an example that is not looked at.
NO_EXAMPLE_LIKENESS, HIDDEN_LIKENESS = 0.2, -2.0
#: Examples of a unit that count in full; how certain a transition is that was never seen.
FULL_EXAMPLE_COUNT, UNSEEN_TRANSITIONS, TRANSITION_PRIOR = 20, 0.2, 5
#: What `ExampleIndex.likeness` measures of a unit, in the order of a row.
EXAMPLE_FEATURES = (
    "example_near",  # cosine of the nearest example: alone, in the talk, the sum of both
    "example_near_in_talk",
    "example_near_both",
    "examples_near",  # the means of the nearest few
    "examples_near_in_talk",
    "examples_near_both",
    "examples",  # how many there are
    "example_gap_in_talk",  # against the best of all candidates and of turns that none answers
    "example_gap_both",
    "examples_gap_to_none",
    "follows",  # how often this unit answered the turn after the unit that was the answer before
    "follows_share",
)


@dataclass(frozen=True)
class RankingExample:
    """An annotated turn."""

    talk: str
    units: tuple[str, ...]
    """The units that answer it, best first; empty when none does."""
    previous_unit: str | None
    """The unit that was the answer before."""


@dataclass(frozen=True)
class TurnExamples:
    """The examples as they are stored."""

    encoder: str
    """The name of the sentence model that made the vectors."""
    examples: Sequence[RankingExample]
    basis: Floats
    """A column a dimension kept."""
    middle: Floats
    """The mean subtracted before a vector is reduced: of messages alone, and in the talk."""
    alone: Floats
    in_talk: Floats

    def reduce(self, vector: Floats, in_talk: bool) -> Floats:
        """Return a sentence vector in the few dimensions, of length 1."""
        reduced = (vector - self.middle[int(in_talk)]) @ self.basis
        return np.asarray(reduced / (np.linalg.norm(reduced, axis=-1, keepdims=True) + 1e-9))

    @classmethod
    def from_vectors(
        cls, encoder: str, examples: Sequence[RankingExample], alone: Floats, in_talk: Floats
    ) -> TurnExamples:
        """Reduce the sentence vectors of examples (a row each)."""
        middle = np.stack([alone.mean(axis=0), in_talk.mean(axis=0)])
        both = np.vstack([alone - middle[0], in_talk - middle[1]])
        _, directions = np.linalg.eigh(both.T @ both)
        made = cls(encoder, examples, directions[:, ::-1][:, :DIMENSIONS], middle, alone, in_talk)
        return cls(
            encoder, examples, made.basis, middle,
            made.reduce(alone, False), made.reduce(in_talk, True),
        )  # fmt: skip

    def save(self, file: Path) -> None:
        """Write it to a file, vectors in whole numbers of one byte."""
        metadata = {
            "encoder": self.encoder,
            "examples": [[e.talk, list(e.units), e.previous_unit] for e in self.examples],
        }
        np.savez_compressed(
            file,
            about=np.array(json.dumps(metadata, ensure_ascii=False)),
            basis=self.basis.astype(np.float32),
            middle=self.middle.astype(np.float32),
            alone=np.round(self.alone * 127).astype(np.int8),
            in_talk=np.round(self.in_talk * 127).astype(np.int8),
        )

    @classmethod
    def load(cls, file: Path) -> TurnExamples:
        """Read what `save` wrote. Raises OSError, ValueError, KeyError or BadZipFile."""
        with np.load(file, allow_pickle=False) as arrays:
            metadata = json.loads(str(arrays["about"]))
            # A talk and a unit stand in hundreds of examples: one string each.
            strings: dict[str, str] = {}
            examples = [
                RankingExample(
                    strings.setdefault(talk, talk),
                    tuple(strings.setdefault(unit, unit) for unit in units),
                    None
                    if previous_unit is None
                    else strings.setdefault(previous_unit, previous_unit),
                )
                for talk, units, previous_unit in metadata["examples"]
            ]
            vectors = {
                name: arrays[name].astype(np.float32) / np.float32(127)
                for name in ("alone", "in_talk")
            }
            return cls(metadata["encoder"], examples, arrays["basis"], arrays["middle"], **vectors)


class ExampleIndex:
    """The examples of the units of one database."""

    def __init__(self, stored: TurnExamples, units: Sequence[str]) -> None:
        self._stored = stored
        self._units = tuple(units)
        places = {name: place for place, name in enumerate(units)}
        owned: list[list[int]] = [[] for _ in units]
        for number, example in enumerate(stored.examples):
            for name in example.units:
                if name in places:
                    owned[places[name]].append(number)
        self._members = _padded(owned)
        unanswered = [number for number, example in enumerate(stored.examples) if not example.units]
        self._unanswered: Places = np.array(unanswered, dtype=np.intp)
        self._of_talk: dict[str, list[int]] = defaultdict(list)
        self._followed: dict[str, Counter[str]] = defaultdict(Counter)
        for number, example in enumerate(stored.examples):
            self._of_talk[example.talk].append(number)
            if example.previous_unit:
                self._followed[example.previous_unit].update(example.units)

    @property
    def encoder(self) -> str:
        """The name of the sentence model that made the vectors."""
        return self._stored.encoder

    def likeness(
        self,
        places: Places,
        vectors: tuple[Floats, Floats],
        previous_unit: str | None,
        without: str | None = None,
    ) -> Floats:
        """Return EXAMPLE_FEATURES of some units, a row each.

        `vectors` are those of the message alone and in the talk; `previous_unit` is the one that
        was the answer before; `without` is a talk taken for unknown, for learning.
        """
        hidden = self._of_talk.get(without, []) if without else []
        alone = self._stored.alone @ self._stored.reduce(vectors[0], False)
        in_talk = self._stored.in_talk @ self._stored.reduce(vectors[1], True)
        alone[hidden] = in_talk[hidden] = HIDDEN_LIKENESS
        both = alone + in_talk
        members = self._members[places]
        visible = (members >= 0) & ~np.isin(members, hidden)
        nearest_alone, mean_alone = _nearest(alone, members, visible, TOP_SINGLE)
        nearest_in_talk, mean_in_talk = _nearest(in_talk, members, visible, TOP_SINGLE)
        nearest_both, mean_both = _nearest(both, members, visible, TOP_COMBINED)
        nearest_unanswered = in_talk[self._unanswered].max(initial=0.0)
        mean_unanswered = (
            np.sort(both[self._unanswered])[-TOP_COMBINED:].mean() if len(self._unanswered) else 0.0
        )
        columns = (
            nearest_alone, nearest_in_talk, nearest_both, mean_alone, mean_in_talk, mean_both,
            visible.sum(axis=1) / FULL_EXAMPLE_COUNT,
            nearest_in_talk - max(nearest_in_talk.max(initial=0.0), nearest_unanswered),
            nearest_both - nearest_both.max(initial=0.0),
            mean_unanswered - mean_both,
            *self._transitions(places, previous_unit, hidden),
        )  # fmt: skip
        assert len(columns) == len(EXAMPLE_FEATURES)
        return np.column_stack(columns).astype(np.float32)

    def _transitions(
        self, places: Places, previous_unit: str | None, hidden: Sequence[int]
    ) -> tuple[Floats, Floats]:
        """Return how often each unit followed the one before, and its share of what followed."""
        if not previous_unit:
            return np.zeros(len(places), np.float32), np.zeros(len(places), np.float32)
        followed = Counter(self._followed.get(previous_unit, ()))
        for number in hidden:
            if self._stored.examples[number].previous_unit == previous_unit:
                followed.subtract(self._stored.examples[number].units)
        times = np.array([followed[self._units[place]] for place in places], dtype=np.float32)
        shares = (times + UNSEEN_TRANSITIONS) / np.float32(
            sum(followed.values()) + TRANSITION_PRIOR
        )
        return np.log1p(times), shares.astype(np.float32)


def _padded(owned: Sequence[Sequence[int]]) -> Places:
    """Return the examples of each unit in a row, padded with -1."""
    made: Places = np.full((len(owned), max(1, *map(len, owned), 1)), -1, dtype=np.intp)
    for unit, numbers in enumerate(owned):
        made[unit, : len(numbers)] = numbers
    return made


def _nearest(
    scores: Floats, members: Places, visible: NDArray[np.bool_], limit: int
) -> tuple[Floats, Floats]:
    """Return each unit's highest score, and the mean of its few highest."""
    ranked = np.sort(np.where(visible, scores[members], HIDDEN_LIKENESS), axis=1)[:, ::-1][
        :, :limit
    ]
    count = np.minimum(visible.sum(axis=1), limit)
    mean = np.where(ranked > HIDDEN_LIKENESS, ranked, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(count, ranked[:, 0], NO_EXAMPLE_LIKENESS), np.where(
        count, mean, NO_EXAMPLE_LIKENESS
    )


@process_cache(size=2)
def turn_examples(folder: Path | None = None) -> TurnExamples | None:
    """Return the examples of a folder (default: the models'); None, with a log line, without."""
    try:
        return TurnExamples.load((folder or settings().models) / FILE)
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        logger.warning("no annotated turns beside the model: %s", type(error).__name__)
        return None
