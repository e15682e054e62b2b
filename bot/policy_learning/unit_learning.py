"""Learn the classifier of answer units: asks, answers, phrasings and annotated turns.

Adam on the cross-entropy; where several units answer a message the best one has most of the target.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.policy_talks import LABELS, PolicyTalk
from bot.linear import Coefficients, import_learning
from bot.policies.ranking.index import AnswerIndex
from bot.policies.ranking.talk_context import read_together
from bot.policies.ranking.unit_classifier import (
    ALONE_SHARE,
    UnitClassifier,
    grams,
)
from bot.policy_learning.adam import Adam, warmed_up_rate
from bot.search.bm25 import Floats

Numbers = NDArray[np.intp]
#: Labels of messages that no unit answers, in the order of the classifier's last columns.
UNANSWERED = tuple(sorted(LABELS))
#: N-grams that are read, the most frequent ones, and examples that each stands in at least.
MAX_GRAMS, MIN_EXAMPLES = 40_000, 4
#: Dimensions of an n-gram.
WIDTH = 64
#: Passes over the examples, examples of a step, the highest rate of learning.
EPOCHS, BATCH, RATE = 4, 256, 2e-3
#: Steps over which that rate is reached.
WARM_UP = 100
#: Share of the vectors' numbers, of the n-grams and of their sums' numbers left out in a step.
VECTOR_DROPOUT, GRAM_DROPOUT, WORD_DROPOUT = 0.15, 0.2, 0.2
#: How much of the target the best of several units has.
BEST_SHARE = 0.7
#: What the cosine of a message and a unit is multiplied by: without a bound on what vectors can
#: say, n-grams learn next to nothing.
SHARPNESS = np.float32(12.0)
#: What the n-grams' rows are multiplied by while they are learned.
WORD_SCALE = 5.0
#: Classifiers that each leave out a share of the fresh talks and asks: the ranker learns from them.
FOLDS = 3
SEED = 20261130


@dataclass(frozen=True)
class UnitExample:
    """A message with the units that answer it, or one of UNANSWERED."""

    text: str
    in_talk: str
    earlier: tuple[str, ...]
    """The messages of the talk before it."""
    units: tuple[str, ...]
    """Best first."""
    group: str
    """Examples of one talk, and the fresh ask of one claim, are held out together."""


@dataclass(frozen=True)
class UnitExamples:
    """Examples with their sentence vectors, a row each."""

    encoder: str
    examples: Sequence[UnitExample]
    alone: Floats
    in_talk: Floats

    def __len__(self) -> int:
        return len(self.examples)


def examples_of_base(index: AnswerIndex, fresh: Iterable[int]) -> Iterator[UnitExample]:
    """Yield the asks and answers of the units; `fresh` are places of asks that may be held out."""
    fresh_places = frozenset(fresh)
    for place, ask in enumerate(index.asks):
        unit = index.units[int(index.owner[place])].id
        yield UnitExample(ask, ask, (), (unit,), unit if place in fresh_places else "")
    for answer_unit in index.units:
        yield UnitExample(answer_unit.meaning, answer_unit.meaning, (), (answer_unit.id,), "")


def examples_of_talks(talks: Iterable[PolicyTalk]) -> Iterator[UnitExample]:
    """Yield the turns of talks and phrasings."""
    for talk in talks:
        for turn in talk.turns:
            in_talk = read_together(turn.text, turn.before)
            units = turn.units or (turn.label,)
            yield UnitExample(turn.text, in_talk, turn.before, units, talk.id)


class _Learning:
    """One fit: the weights, and a step of learning."""

    def __init__(self, made: UnitExamples, rows: Numbers, units: Mapping[str, int]) -> None:
        self.chance = np.random.default_rng(SEED)
        self.made, self.rows, self.digests = made, rows, tuple(units.values())
        self.units = (*units, *UNANSWERED)
        self.columns, self.rarity = _vocabulary(made.examples[row] for row in rows)
        self.words = _bags(made, self.columns, self.rarity)
        place = {unit: column for column, unit in enumerate(self.units)}
        self.targets = _targets(made, place)
        width = made.alone.shape[1]
        by_words = self.chance.normal(0, 0.05, (len(self.units), WIDTH)).astype(np.float32)
        eye = np.eye(width, dtype=np.float32)
        embeddings = self.chance.normal(0, 0.02, (len(self.columns), WIDTH)).astype(np.float32)
        self.alone, self.in_talk = Adam(eye), Adam(eye.copy())
        self.embeddings, self.by_words = Adam(embeddings), Adam(by_words)
        self.by_meaning = Adam(_centres(made, rows, place))
        self.bias = Adam(np.zeros(len(self.units), dtype=np.float32))

    def run(self) -> UnitClassifier:
        """Return the classifier."""
        steps, done = EPOCHS * math.ceil(len(self.rows) / BATCH), 0
        for _ in range(EPOCHS):
            order = self.chance.permutation(self.rows)
            for start in range(0, len(order), BATCH):
                rate = warmed_up_rate(RATE, done, steps, WARM_UP)
                self._step(order[start : start + BATCH], rate)
                done += 1
        return UnitClassifier(
            self.made.encoder, self.units, self.digests, self.columns, self.rarity,
            self.alone.weights, self.in_talk.weights,
            Coefficients.from_matrix(WORD_SCALE * self.embeddings.weights.astype(np.float64)),
            np.hstack([SHARPNESS * _unit_rows(self.by_meaning.weights), self.by_words.weights]),
            self.bias.weights,
        )  # fmt: skip

    def _step(self, rows: Numbers, rate: float) -> None:
        alone = self._thinned(self.made.alone[rows], VECTOR_DROPOUT)
        in_talk = self._thinned(self.made.in_talk[rows], VECTOR_DROPOUT)
        words = self.words[rows]
        words.data = self._thinned(words.data, GRAM_DROPOUT)
        sums = alone @ self.alone.weights + in_talk @ self.in_talk.weights
        meaning, units = _unit_rows(sums), _unit_rows(self.by_meaning.weights)
        summed = words @ self.embeddings.weights
        visible = self._thinned(np.ones_like(summed), WORD_DROPOUT)
        summed *= visible
        scores = SHARPNESS * meaning @ units.T + summed @ self.by_words.weights.T
        scores += self.bias.weights
        wrong = _softmax(scores) - self.targets[rows].toarray()
        wrong /= np.float32(len(rows))
        of_meaning = _back_through_norm(SHARPNESS * wrong @ units, meaning, sums)
        of_units = SHARPNESS * wrong.T @ meaning
        of_words = words.T @ (wrong @ self.by_words.weights * visible)
        self.by_meaning.step(_back_through_norm(of_units, units, self.by_meaning.weights), rate)
        self.by_words.step(wrong.T @ summed, rate)
        self.bias.step(wrong.sum(axis=0), rate)
        self.alone.step(alone.T @ of_meaning, rate)
        self.in_talk.step(in_talk.T @ of_meaning, rate)
        self.embeddings.step(np.asarray(of_words, dtype=np.float32), rate)

    def _thinned(self, numbers: Floats, share: float) -> Floats:
        """Return numbers with a share of them zero, the others so much larger."""
        stays = self.chance.random(numbers.shape, dtype=np.float32) >= share
        return np.asarray(numbers * stays / np.float32(1 - share))


def learn(
    made: UnitExamples, units: Mapping[str, int], without: frozenset[str] = frozenset()
) -> UnitClassifier:
    """Return the classifier of some units, learned from all examples but those of some groups.

    `units` are ids with the checksums of their asks.
    """
    import_learning()
    known = frozenset((*units, *UNANSWERED))
    rows = [
        row
        for row, example in enumerate(made.examples)
        if example.group not in without and example.units[0] in known
    ]
    return _Learning(made, np.array(rows, dtype=np.intp), units).run()


def learn_without(
    made: UnitExamples, units: Mapping[str, int], left_out: Iterable[frozenset[str]]
) -> Iterator[UnitClassifier]:
    """Yield a classifier for each set of groups, learned from all examples but theirs."""
    for groups in left_out:
        yield learn(made, units, groups)


def held_out_groups(groups: Iterable[str]) -> list[frozenset[str]]:
    """Return FOLDS shares of some groups; what is in a fold does not change with the others."""
    fold_of = {group: crc32(group.encode()) % FOLDS for group in groups}
    return [
        frozenset(group for group, its in fold_of.items() if its == fold) for fold in range(FOLDS)
    ]


def _vocabulary(examples: Iterable[UnitExample]) -> tuple[dict[str, int], Floats]:
    """Return the n-grams that are read, with the weight of each."""
    counts: Counter[str] = Counter()
    total = 0
    for example in examples:
        counts.update({*grams(example.text), *grams(example.in_talk)})
        total += 1
    frequent = sorted(
        (gram for gram, count in counts.items() if count >= MIN_EXAMPLES),
        key=lambda gram: (-counts[gram], gram),
    )[:MAX_GRAMS]
    rarity = np.array([math.log(total / counts[gram]) for gram in frequent], dtype=np.float32)
    return {gram: column for column, gram in enumerate(frequent)}, rarity


def _bags(made: UnitExamples, columns: Mapping[str, int], rarity: Floats) -> Any:
    """Return the weighted n-grams of the examples, a sparse row each."""
    rows = []
    for example in made.examples:
        weights: dict[int, float] = {}
        for text, share in ((example.text, ALONE_SHARE), (example.in_talk, 1 - ALONE_SHARE)):
            places = [columns[gram] for gram in grams(text) if gram in columns]
            length = math.sqrt(float((rarity[places] ** 2).sum())) or 1.0
            for place in places:
                weights[place] = (
                    weights.get(place, 0.0) + share * float(rarity[place]) / length * WORD_SCALE
                )
        rows.append(weights)
    return _sparse(rows, len(columns))


def _targets(made: UnitExamples, place: Mapping[str, int]) -> Any:
    """Return what the probabilities of each example should be, a sparse row each."""
    rows = []
    for example in made.examples:
        known = [place[unit] for unit in dict.fromkeys(example.units) if unit in place]
        others = len(known) - 1
        best = BEST_SHARE if others else 1.0
        rows.append({unit: (1 - best) / others if n else best for n, unit in enumerate(known)})
    return _sparse(rows, len(place))


def _sparse(rows: Sequence[Mapping[int, float]], width: int) -> Any:
    """Return a sparse matrix of rows of numbers by column."""
    from scipy import sparse

    ends = np.cumsum([0, *map(len, rows)])
    columns = np.array([column for row in rows for column in row], dtype=np.int32)
    numbers = np.array([number for row in rows for number in row.values()], dtype=np.float32)
    return sparse.csr_matrix((numbers, columns, ends), shape=(len(rows), width))


def _centres(made: UnitExamples, rows: Numbers, place: Mapping[str, int]) -> Floats:
    """Return the mean vector of each unit's first examples, of length 1; zeros without any."""
    centres = np.zeros((len(place), made.alone.shape[1]), dtype=np.float32)
    for row in rows:
        best = made.examples[row].units[0]
        if best in place:
            centres[place[best]] += made.alone[row]
    return np.asarray(centres / (np.linalg.norm(centres, axis=1, keepdims=True) + 1e-9))


def _unit_rows(matrix: Floats) -> Floats:
    """Return rows of length 1."""
    return np.asarray(matrix / (np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9))


def _back_through_norm(gradient: Floats, unit_rows: Floats, rows: Floats) -> Floats:
    """Return the gradient of rows, given that of the same rows at length 1."""
    along = (gradient * unit_rows).sum(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return np.asarray((gradient - along * unit_rows) / lengths)


def _softmax(scores: Floats) -> Floats:
    """Return each row's shares; they add up to 1."""
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))
