"""Linear models over n-gram counts and sentence vectors.

Trained with scikit-learn, asked without it; stored as plain arrays and JSON (never a pickle), so
that loading a model runs no code.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.lean_rasa import LEARNING, bring_back
from bot.nlu.ngrams import is_sound

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
#: How much the view by sound counts beside the view as written.
SOUND = 0.5


@dataclass(frozen=True)
class Sparse:
    """One message as n-gram features: which columns, and how much of each."""

    columns: Ints
    weights: Floats


@dataclass(frozen=True)
class Features:
    """The columns that n-grams stand for, with their inverse document frequencies."""

    vocabulary: dict[str, int]
    idf: Floats
    sound: NDArray[np.bool_]
    """True for the columns of the view by sound."""

    @classmethod
    def of_columns(cls, grams: Sequence[str], idf: Floats, sound: NDArray[np.bool_]) -> Features:
        """Return the features with these n-grams as columns."""
        return cls({gram: at for at, gram in enumerate(grams)}, idf, sound)

    @classmethod
    def fit(cls, documents: Sequence[Counter[str]], rarest: int = 2) -> Features:
        """Take the n-grams that stand in at least `rarest` documents."""
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(document.keys())
        kept = sorted(gram for gram, count in frequency.items() if count >= rarest)
        counts = np.array([frequency[gram] for gram in kept], dtype=np.float32)
        idf = np.log((1 + len(documents)) / (1 + counts)) + 1
        sound = np.fromiter(map(is_sound, kept), dtype=bool, count=len(kept))
        return cls.of_columns(kept, idf.astype(np.float32), sound)

    def of(self, document: Mapping[str, int]) -> Sparse:
        """Weigh a message's n-grams: logarithm of the count times rarity."""
        known = [(self.vocabulary[g], n) for g, n in document.items() if g in self.vocabulary]
        columns = np.array([c for c, _ in known], dtype=np.int64)
        counts = np.array([n for _, n in known], dtype=np.float32)
        weights = (1 + np.log(counts, where=counts > 0)) * self.idf[columns]
        sound = self.sound[columns]
        for view, length in ((~sound, 1.0), (sound, SOUND)):
            norm = float(np.linalg.norm(weights[view]))
            if norm:
                weights[view] *= length / norm
        return Sparse(columns, weights.astype(np.float32))

    def matrix(self, documents: Sequence[Mapping[str, int]]) -> Any:
        """Return the messages as one scipy sparse matrix, for training."""
        from scipy.sparse import csr_matrix

        rows = [self.of(document) for document in documents]
        ends = np.cumsum([0, *(len(row.columns) for row in rows)])
        return csr_matrix(
            (
                np.concatenate([row.weights for row in rows]),
                np.concatenate([row.columns for row in rows]),
                ends,
            ),
            shape=(len(rows), len(self.vocabulary)),
        )


@dataclass(frozen=True)
class Centred:
    """Sentence vectors with their common part taken away: they all lie in one narrow cone."""

    mean: Floats

    @classmethod
    def fit(cls, vectors: Floats) -> Centred:
        """Take the mean of the training messages."""
        return cls(vectors.mean(axis=0))

    def of(self, vectors: Floats) -> Floats:
        """Return the vectors from the mean on, each of length 1."""
        moved = vectors - self.mean
        lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
        return np.asarray(moved / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@dataclass(frozen=True)
class LinearModel:
    """Which of some labels a message carries, with calibrated probabilities."""

    labels: tuple[str, ...]
    coefficients: NDArray[np.float16] | Floats
    """One row a column of the features, one column a label: a message reads few rows, so that
    half precision is kept in memory and widened where it is read."""
    intercepts: Floats
    temperature: float
    """Scores are divided by it before the softmax; fitted on examples not trained on."""

    def scores(self, message: Sparse, vector: Floats | None = None) -> Floats:
        """Return the score of each label; rows of a sentence vector follow those of n-grams."""
        scores = message.weights @ self.coefficients[message.columns].astype(np.float32)
        if vector is not None:
            scores = scores + vector @ self.coefficients[-len(vector) :].astype(np.float32)
        return np.asarray(scores + self.intercepts, dtype=np.float32)

    def rank(self, message: Sparse, vector: Floats | None = None) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first."""
        shares = probabilities(self.scores(message, vector), self.temperature)
        return [(self.labels[at], float(shares[at])) for at in np.argsort(-shares)]


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Return the probabilities of labels by their scores, one row or many."""
    scaled = scores / temperature
    odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True)
class HeldOut:
    """Scores of training messages by models that had not seen them, with their labels."""

    scores: Floats
    truth: Ints

    def temperature(self) -> float:
        """Return the temperature under which the messages' own labels are most probable."""

        def surprise(temperature: float) -> float:
            shares = probabilities(self.scores, temperature)
            own = shares[np.arange(len(self.truth)), self.truth]
            return float(-np.log(np.maximum(own, 1e-9)).mean())

        return float(min(np.geomspace(0.03, 3, 80), key=surprise))


def fit(
    matrix: Any, labels: Sequence[str], groups: Sequence[int], strength: float, folds: int = 4
) -> tuple[LinearModel, HeldOut | None]:
    """Train on a matrix of messages; return the model and what it did on messages not seen.

    `groups` numbers the message each row was made from: variants of one message (a typo, a
    dialect word) are seen or unseen together, and only the message itself is judged.
    `strength` is the inverse of the regularisation.
    """
    bring_back(*LEARNING)
    held_out = _held_out(matrix, labels, np.asarray(groups), strength, folds)
    known = _train(matrix, labels, strength)
    coefficients, intercepts = known.coef_, known.intercept_
    if len(known.classes_) == 2:  # scikit-learn keeps one row for two labels
        coefficients = np.vstack([-coefficients, coefficients])
        intercepts = np.concatenate([-intercepts, intercepts])
    model = LinearModel(
        tuple(known.classes_),
        np.ascontiguousarray(coefficients.T, dtype=np.float32),
        intercepts.astype(np.float32),
        held_out.temperature() if held_out else 1.0,
    )
    return model, held_out


def _train(matrix: Any, labels: Sequence[str], strength: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=strength, loss="squared_hinge", random_state=0).fit(matrix, labels)


def _held_out(
    matrix: Any, labels: Sequence[str], groups: Ints, strength: float, folds: int
) -> HeldOut | None:
    """Score every message by a model that has not seen it; None when labels are too rare."""
    from sklearn.model_selection import StratifiedKFold

    names = sorted(set(labels))
    first = np.unique(groups, return_index=True)[1]
    truth = np.array([names.index(label) for label in labels])
    if np.bincount(truth[first]).min() < folds or len(names) < 3:
        return None
    scores = np.zeros((len(first), len(names)), dtype=np.float32)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)

    def score(unseen: Ints) -> None:
        seen = ~np.isin(groups, groups[first[unseen]])
        part = _train(matrix[seen], [labels[i] for i in np.flatnonzero(seen)], strength)
        scores[unseen] = part.decision_function(matrix[first[unseen]])

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # liblinear computes without Python's lock
        list(pool.map(score, (unseen for _, unseen in splitter.split(first, truth[first]))))
    return HeldOut(scores, truth[first])
