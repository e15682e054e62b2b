"""A head of the classifier: which of some labels a message carries, by its words and its meaning.

A linear model over n-grams and the sentence vector together. Without a sentence model the part of
the n-grams alone decides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.embeddings.encoder import Floats
from bot.linear import DIGITS, Doubles, Fitting, HeldOut, LinearModel, Sparse, probabilities

#: How many of the answers given without asking back may be wrong, on messages not trained on.
MAX_WRONG_SHARE = 0.04
#: How much the sentence vector counts beside the n-grams, whose row has length 1 as well.
MEANING_WEIGHT = 1.5


@dataclass(frozen=True)
class Head:
    """A linear model of labels, with the probability from which on it is trusted."""

    model: LinearModel
    trust: float
    """The probability from which on at most MAX_WRONG_SHARE of the answers are wrong."""

    @classmethod
    def from_fitting(cls, fitting: Fitting) -> Head:
        """Take a model once it is fitted and held out; choose what can be trusted."""
        model, held_out = fitting.result()
        return cls(model, _trust_from(held_out, model.temperature))

    def rank(self, message: Sparse, vector: Floats | None) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first."""
        return self.model.rank(message, None if vector is None else weighed(vector))


@dataclass(frozen=True)
class Alarm:
    """A detector of one label that must not be missed, apart from what else a message says."""

    model: LinearModel
    label: str
    threshold: float
    """The probability from which on it is heard."""

    @classmethod
    def from_fitting(cls, fitting: Fitting, label: str, false_alarms: float) -> Alarm:
        """Take a model of two labels once it is held out.

        `false_alarms` is the share of other messages, not trained on, that may be heard wrongly.
        """
        model, held_out = fitting.result()
        column = model.labels.index(label)
        if held_out is None:
            return cls(model, label, 0.5)
        shares = probabilities(held_out.scores, model.temperature)[:, column]
        others = shares[held_out.truth != column]
        threshold = float(np.quantile(others, 1 - false_alarms, method="higher"))
        return cls(model, label, round(threshold, DIGITS))

    def detect(self, message: Sparse, vector: Floats | None) -> float | None:
        """Return the label's probability when it is heard."""
        share = dict(self.model.rank(message, None if vector is None else weighed(vector)))[
            self.label
        ]
        return share if share > self.threshold else None


def weighed(vectors: Floats) -> Doubles:
    """Return sentence vectors weighted for use with n-grams."""
    return np.asarray(vectors, dtype=np.float64) * MEANING_WEIGHT


def _trust_from(held_out: HeldOut | None, temperature: float) -> float:
    """Return the lowest probability with at most MAX_WRONG_SHARE of the answers above it wrong."""
    if held_out is None:
        return 0.0
    shares = probabilities(held_out.scores, temperature)
    confidence = np.sort(shares.max(axis=1))[::-1]
    order = np.argsort(-shares.max(axis=1), kind="stable")
    wrong = np.cumsum((shares.argmax(axis=1) != held_out.truth)[order])
    right = np.flatnonzero(wrong <= MAX_WRONG_SHARE * np.arange(1, len(wrong) + 1))
    return round(float(confidence[right[-1]]), DIGITS) if len(right) else 1.0
