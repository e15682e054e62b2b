"""Two linear models in a row: the quick one answers when it is sure, the full one when not.

The quick one sees n-grams; the full one the sentence vector as well, which costs some 15 ms.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from bot.nlu.linear import (
    DIGITS,
    Centred,
    Fitting,
    Floats,
    HeldOut,
    LinearModel,
    Sparse,
    probabilities,
)
from bot.text.sentences import Depth, Meaning

#: What the quick model may get wrong where it answers alone, beyond what both would.
LOSS = 0.001
#: How many of the answers given without asking back may be wrong, on messages not trained on.
WRONG = 0.04


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
    def fit(
        cls, pool: Executor, quick: Fitting, vectors: Floats | None, depth: Depth, strength: float
    ) -> Cascade:
        """Train the full model; choose from which probability on the quick one is as good.

        `vectors` holds the sentence vector of each example, made at this depth, by the numbers
        that the groups of the quick model's rows have.
        """
        if vectors is None:
            words, alone = quick.result()
            return cls(words, None, 0.0, _trust_from(alone, words.temperature))
        from scipy.sparse import csr_matrix, hstack

        centred = Centred.fit(vectors)
        meant = csr_matrix(centred.of(vectors)[quick.groups])
        matrix = hstack([quick.matrix, meant]).tocsr()
        fitting = Fitting(pool, matrix, quick.labels, quick.groups, strength).hold_out()
        full, both = fitting.result()
        words, alone = quick.result()
        sure = _sure_from(alone, words.temperature, both) if alone and both else 1.0
        trust = _trust_from(both, full.temperature)
        return cls(words, ByMeaning(full, depth, centred), sure, trust)

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
    order = np.argsort(-confidence, kind="stable")
    # Going down in confidence: what is lost when the quick model answers for the first k.
    lost = np.cumsum(full_right[order].astype(int) - quick_right[order].astype(int))
    allowed = np.flatnonzero(lost <= LOSS * len(order))
    return round(float(confidence[order[allowed[-1]]]), DIGITS) if len(allowed) else 1.0


def _trust_from(held_out: HeldOut | None, temperature: float) -> float:
    """Return the lowest probability above which at most WRONG of the held-out answers are wrong."""
    if held_out is None:
        return 0.0
    shares = probabilities(held_out.scores, temperature)
    confidence = np.sort(shares.max(axis=1))[::-1]
    order = np.argsort(-shares.max(axis=1), kind="stable")
    wrong = np.cumsum((shares.argmax(axis=1) != held_out.truth)[order])
    kept = np.flatnonzero(wrong <= WRONG * np.arange(1, len(wrong) + 1))
    return round(float(confidence[kept[-1]]), DIGITS) if len(kept) else 1.0
