"""Two linear models in a row: the quick one answers when it is sure, the full one when not.

The quick one sees n-grams; the full one the sentence vector as well, which costs some 15 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.nlu.linear import Centred, Floats, HeldOut, LinearModel, Sparse, fit, probabilities
from bot.text.sentences import Depth, Meaning

#: What the quick model may get wrong where it answers alone, beyond what both would.
LOSS = 0.001
#: How many of the answers given without asking back may be wrong, on messages not trained on.
WRONG = 0.04


@dataclass(frozen=True)
class Lesson:
    """What one cascade learns from, and the quick model that has learned it."""

    matrix: Any
    """The n-grams of each row, as a sparse matrix."""
    labels: Sequence[str]
    groups: Sequence[int]
    """The example that each row was made from, from 0 on: its row in the sentence vectors."""
    quick: LinearModel
    alone: HeldOut | None

    @classmethod
    def of(
        cls, matrix: Any, labels: Sequence[str], groups: Sequence[int], strength: float
    ) -> Lesson:
        """Train the quick model."""
        return cls(matrix, labels, groups, *fit(matrix, labels, groups, strength))


@dataclass(frozen=True)
class ByMeaning:
    """A linear model that sees the sentence vector beside the n-grams."""

    model: LinearModel
    depth: Depth
    centred: Centred

    def rank(self, message: Sparse, meaning: Meaning) -> list[tuple[str, float]] | None:
        """Return every label with its probability; None when there is no sentence vector."""
        vector = meaning(self.depth)
        return None if vector is None else self.model.rank(message, self.centred.of(vector))


@dataclass(frozen=True)
class Cascade:
    """Which of some labels a message carries."""

    quick: LinearModel
    full: ByMeaning | None
    """With the sentence vector; None when there was no sentence model at training."""
    sure: float
    """The probability from which on the quick model's answer stands."""
    trust: float
    """The probability from which on at most WRONG of the answers are wrong."""

    @classmethod
    def fit(cls, lesson: Lesson, vectors: Floats | None, depth: Depth, strength: float) -> Cascade:
        """Train the full model; choose from which probability on the quick one is as good.

        `vectors` holds the sentence vector of each example, made at this depth.
        """
        quick, alone = lesson.quick, lesson.alone
        if vectors is None:
            return cls(quick, None, 0.0, _trust_from(alone, quick.temperature))
        from scipy.sparse import csr_matrix, hstack

        centred = Centred.fit(vectors)
        moved = csr_matrix(centred.of(vectors)[lesson.groups])
        matrix = hstack([lesson.matrix, moved]).tocsr()
        full, both = fit(matrix, lesson.labels, lesson.groups, strength)
        sure = _sure_from(alone, quick.temperature, both) if alone and both else 1.0
        trust = _trust_from(both, full.temperature)
        return cls(quick, ByMeaning(full, depth, centred), sure, trust)

    def rank(self, message: Sparse, meaning: Meaning) -> list[tuple[str, float]]:
        """Return every label with its probability; `meaning` is asked only when it is needed."""
        ranked = self.quick.rank(message)
        if self.full is None or ranked[0][1] >= self.sure:
            return ranked
        return self.full.rank(message, meaning) or ranked


def _sure_from(alone: HeldOut, temperature: float, both: HeldOut) -> float:
    """Return the lowest probability that costs at most LOSS of the accuracy of both together."""
    shares = probabilities(alone.scores, temperature)
    confidence = shares.max(axis=1)
    quick_right = shares.argmax(axis=1) == alone.truth
    full_right = both.scores.argmax(axis=1) == both.truth
    order = np.argsort(-confidence)
    # Going down in confidence: what is lost when the quick model answers for the first k.
    lost = np.cumsum(full_right[order].astype(int) - quick_right[order].astype(int))
    allowed = np.flatnonzero(lost <= LOSS * len(order))
    return float(confidence[order[allowed[-1]]]) if len(allowed) else 1.0


def _trust_from(held_out: HeldOut | None, temperature: float) -> float:
    """Return the lowest probability above which at most WRONG of the held-out answers are wrong."""
    if held_out is None:
        return 0.0
    shares = probabilities(held_out.scores, temperature)
    confidence = np.sort(shares.max(axis=1))[::-1]
    order = np.argsort(-shares.max(axis=1))
    wrong = np.cumsum((shares.argmax(axis=1) != held_out.truth)[order])
    kept = np.flatnonzero(wrong <= WRONG * np.arange(1, len(wrong) + 1))
    return float(confidence[kept[-1]]) if len(kept) else 1.0
