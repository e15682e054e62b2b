"""Learn the ranker's network: how likely each unit answers a message, and which of them the best.

The loss of a message is the cross-entropy of each of its units by itself, and that of the right
ones among all of them. Of 3,203 turns of talks held out the right unit is first for 58.7 % with
both, 57.7 % with the first alone; of the claims' own fresh asks 67.1 % and 60.6 %.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.policies.ranking.features import FEATURES
from bot.policies.ranking.ranker import Ranker
from bot.policies.ranking.unit_classifier import CLASSIFIER_FEATURES, UNCLASSIFIED
from bot.policy_learning.adam import Adam, warmed_up_rate
from bot.search.bm25 import Floats

Places = NDArray[np.intp]
#: One message in so many is learned from a second time with units that the classifier of units
#: does not know; the features of that which do not depend on the unit.
NEW_UNITS_EVERY = 5
OF_MESSAGE = frozenset(("classified_topic", "classified_unanswered"))
#: Hidden units, messages of a step, and the highest rate of learning.
HIDDEN_UNITS, BATCH, RATE = 128, 64, 2e-3
#: Passes over the messages, steps at least, and the share of them over which the rate rises.
EPOCHS, MIN_STEPS, WARM_UP = 12, 1000, 0.05
#: How much the place among a message's units counts, against a unit by itself.
AMONG_SHARE = 0.05
#: How much of the target the best of several right units has.
BEST_SHARE = 0.7
SEED = 20261201


@dataclass(frozen=True)
class LabelledQuestion:
    """A message with the nearest units, and which of them answer it."""

    rows: Floats
    right: NDArray[np.bool_]
    counts: NDArray[np.bool_]
    """Rows that teach something: of a message with a topic alone, those of other topics."""
    group: str
    """Messages of one talk, and asks of one claim, are held out together."""
    kind: str
    """`turn`, `first turn`, AFTER_A_MISTAKE, `ask`, or what it is that none answers."""
    answerable: bool
    best: NDArray[np.bool_]
    """The one that answers it best."""


def learn_ranker(questions: Sequence[LabelledQuestion], threshold: float, within: float) -> Ranker:
    """Return the ranker learned from messages; its thresholds are given."""
    again = map(_with_new_units, questions[::NEW_UNITS_EVERY])
    learning = _RankerLearning([q for q in (*questions, *again) if q.counts.any()])
    learning.run()
    return learning.ranker(threshold, within)


def _with_new_units(question: LabelledQuestion) -> LabelledQuestion:
    """Return a message as if what answers it was written after the classifier had learned.

    So a claim that an editor adds is found without any learning.
    """
    rows = question.rows.copy()
    new = question.right if question.right.any() else np.arange(len(rows)) % NEW_UNITS_EVERY == 0
    for name, value in zip(CLASSIFIER_FEATURES, UNCLASSIFIED, strict=True):
        if name not in OF_MESSAGE:
            rows[new, FEATURES.index(name)] = value
    return replace(question, rows=rows)


class _RankerLearning:
    """One fit: the rows of all messages one after the other, the weights, a step of learning."""

    def __init__(self, questions: Sequence[LabelledQuestion]) -> None:
        self.chance = np.random.default_rng(SEED)
        self.rows: Floats = np.vstack([q.rows[q.counts] for q in questions]).astype(np.float32)
        self.right = np.concatenate([q.right[q.counts] for q in questions]).astype(np.float32)
        self.targets = np.concatenate([_targets(q)[q.counts] for q in questions])
        counts = np.array([int(q.counts.sum()) for q in questions])
        self.ends: Places = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        self.mean = self.rows.mean(axis=0, dtype=np.float64)
        self.spread = self.rows.std(axis=0, dtype=np.float64)
        self.spread[self.spread == 0] = 1.0
        self.rows -= self.mean.astype(np.float32)
        self.rows /= self.spread.astype(np.float32)
        features = self.rows.shape[1]
        self.hidden = Adam(self._normal(2 / features, (features, HIDDEN_UNITS)))
        self.hidden_bias = Adam(np.zeros(HIDDEN_UNITS, dtype=np.float32))
        self.out = Adam(self._normal(1 / HIDDEN_UNITS, (HIDDEN_UNITS,)))
        self.bias = Adam(np.full(1, -3.0, dtype=np.float32))  # few units are right

    def _normal(self, variance: float, shape: tuple[int, ...]) -> Floats:
        return self.chance.normal(0, np.sqrt(variance), shape).astype(np.float32)

    def run(self) -> None:
        """Learn."""
        batches = [*self._batches()]
        warm_up = int(WARM_UP * len(batches)) + 1
        for done, messages in enumerate(batches):
            self._step(messages, warmed_up_rate(RATE, done, len(batches), warm_up))

    def _batches(self) -> Iterator[Places]:
        """Yield the places of the messages of each step."""
        steps = -(-(len(self.ends) - 1) // BATCH)
        for _ in range(max(EPOCHS, -(-MIN_STEPS // steps))):
            order = self.chance.permutation(len(self.ends) - 1)
            for start in range(0, len(order), BATCH):
                yield order[start : start + BATCH]

    def _step(self, messages: Places, rate: float) -> None:
        counts = self.ends[messages + 1] - self.ends[messages]
        places = np.concatenate([np.arange(self.ends[m], self.ends[m + 1]) for m in messages])
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        of_message = np.repeat(np.arange(len(messages)), counts)
        rows, right, targets = self.rows[places], self.right[places], self.targets[places]
        sums = rows @ self.hidden.weights + self.hidden_bias.weights
        hidden = np.maximum(sums, 0)
        scores = hidden @ self.out.weights + self.bias.weights
        by_itself = (1 / (1 + np.exp(-np.clip(scores, -30, 30))) - right) / len(places)
        highest = np.maximum.reduceat(scores, starts)[of_message]
        shares = np.exp(scores - highest)
        shares /= np.add.reduceat(shares, starts)[of_message]
        answered = np.add.reduceat(targets, starts)[of_message]  # 1, or 0 where none is right
        among = (shares * answered - targets) * (AMONG_SHARE / len(messages))
        wrong = np.asarray(by_itself + among, dtype=np.float32)
        back = np.outer(wrong, self.out.weights) * (sums > 0)
        self.hidden.step(rows.T @ back, rate)
        self.hidden_bias.step(back.sum(axis=0), rate)
        self.out.step(hidden.T @ wrong, rate)
        self.bias.step(np.array([wrong.sum()], dtype=np.float32), rate)

    def ranker(self, threshold: float, within: float) -> Ranker:
        """Return what was learned, for rows as they are."""
        hidden = self.hidden.weights.astype(np.float64) / self.spread[:, None]
        hidden_bias = self.hidden_bias.weights.astype(np.float64) - self.mean @ hidden
        return Ranker(
            hidden, hidden_bias, self.out.weights.astype(np.float64),
            float(self.bias.weights[0]), threshold, within,
        )  # fmt: skip


def _targets(question: LabelledQuestion) -> Floats:
    """Return what share of a message each of its units should have; zeros where none is right."""
    right = (question.right & question.counts).astype(np.float32)
    best = right * question.best
    others = right.sum() - best.sum()
    if not best.any() or not others:
        return np.asarray(right / max(float(right.sum()), 1.0), dtype=np.float32)
    shares = BEST_SHARE * best / best.sum() + (1 - BEST_SHARE) * (right - best) / others
    return np.asarray(shares, dtype=np.float32)
