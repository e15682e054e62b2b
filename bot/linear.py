"""Linear models over sparse features and sentence vectors.

Trained with scikit-learn, asked without it; stored as plain arrays and JSON (never a pickle), so
that loading a model runs no code. Asked, they compute in double precision and give probabilities
of DIGITS digits: the order in which a processor adds numbers up then changes no answer.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.rasa_stubs import LEARNING, restore_modules

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Digits of a probability; thresholds are of as many.
DIGITS = 4
#: How exactly scikit-learn solves. A hundred times finer takes twice the time and moves no figure
#: of docs/understanding.md.
TOLERANCE = 0.01
_ONE_FIT = Lock()


@dataclass(frozen=True)
class Sparse:
    """One message as sparse features: which columns, and how much of each."""

    columns: Ints
    weights: Doubles


@dataclass(frozen=True)
class Coefficients:
    """Numbers in 8 bits: one row a column of the features, one column a label.

    Each row has a scale of its own, so that a number is off by at most 1/254 of the largest in its
    row; that moves probabilities by less than a hundredth (docs/understanding.md).
    """

    codes: NDArray[np.int8]
    scales: NDArray[np.float16]

    @classmethod
    def from_matrix(cls, numbers: Doubles) -> Coefficients:
        """Round a matrix."""
        # Up, so that no code exceeds 127 after the scale has lost digits.
        largest = np.abs(numbers).max(axis=1, initial=0.0)
        scales = np.nextafter((largest / 127).astype(np.float16), np.float16(1))
        divisors = scales.astype(np.float64)[:, None]
        return cls(np.rint(numbers / divisors).astype(np.int8), scales)

    def __len__(self) -> int:
        return len(self.scales)

    def rows(self, indices: Ints | slice) -> Doubles:
        """Return some rows as they are used."""
        scales = self.scales[indices].astype(np.float64)
        return np.asarray(self.codes[indices] * scales[:, None], dtype=np.float64)


@dataclass(frozen=True)
class LinearModel:
    """A classifier of labels with calibrated probabilities."""

    labels: tuple[str, ...]
    coefficients: Coefficients
    intercepts: Floats
    temperature: float
    """Scores are divided by it before the softmax; fitted on examples not trained on."""

    def scores(self, message: Sparse, vector: Doubles | None = None) -> Doubles:
        """Return the score of each label; rows of a sentence vector follow those of n-grams."""
        scores = message.weights @ self.coefficients.rows(message.columns)
        if vector is not None:
            scores = scores + vector @ self.coefficients.rows(slice(-len(vector), None))
        return np.asarray(scores + self.intercepts, dtype=np.float64)

    def rank(self, message: Sparse, vector: Doubles | None = None) -> list[tuple[str, float]]:
        """Return every label with its probability, of DIGITS digits, most probable first."""
        shares = probabilities(self.scores(message, vector), self.temperature).round(DIGITS)
        order = np.argsort(-shares, kind="stable")
        return [(self.labels[index], float(shares[index])) for index in order]


def probabilities(scores: Doubles, temperature: float) -> Doubles:
    """Return the probabilities of labels by their scores, one row or many."""
    scaled = scores / temperature
    odds = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True)
class HeldOut:
    """Scores of training messages by models that had not seen them, with their labels."""

    scores: Doubles
    truth: Ints

    def temperature(self) -> float:
        """Return the temperature under which the messages' own labels are most probable."""

        def surprise(temperature: float) -> float:
            shares = probabilities(self.scores, temperature)
            own = shares[np.arange(len(self.truth)), self.truth]
            return float(-np.log(np.maximum(own, 1e-9)).mean())

        return float(min(np.geomspace(0.03, 3, 80), key=surprise))


class Fitting:
    """A model that is being fitted by a pool of threads, and what it does on messages not seen.

    `labels` has the label of each row of the matrix. `groups` numbers the example that each row was
    made from: variants of one example (a typo, a dialect word) are seen or unseen together, and
    only the example itself is judged. `strength` is the inverse of the regularisation.
    """

    def __init__(
        self,
        pool: Executor,
        matrix: Any,
        labels: Sequence[str] | NDArray[Any],
        groups: Sequence[int] | Ints,
        strength: float,
        folds: int = 3,
    ) -> None:
        self._pool, self._strength, self._folds = pool, strength, folds
        self.matrix, self.labels, self.groups = matrix, np.asarray(labels), np.asarray(groups)
        self._fitted = pool.submit(_train, matrix, labels, strength)
        self._scored: list[Future[tuple[Ints, Doubles]]] = []

    def hold_out(self) -> Fitting:
        """Begin to score every example by models that have not seen it.

        None is scored when a label has fewer examples than there are folds.
        """
        from sklearn.model_selection import StratifiedKFold

        first, truth = self._judged()
        if len(truth) and np.bincount(truth, minlength=self._names).min() >= self._folds:
            splitter = StratifiedKFold(self._folds, shuffle=True, random_state=0)
            for _, unseen in splitter.split(first, truth):
                self._scored.append(self._pool.submit(self._score, first[unseen], unseen))
        return self

    def model(self, temperature: float = 1.0) -> LinearModel:
        """Return the model, once it is fitted."""
        fitted = self._fitted.result()
        coefficients, intercepts = fitted.coef_, fitted.intercept_
        if len(fitted.classes_) == 2:  # scikit-learn keeps one row for two labels
            coefficients = np.vstack([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        return LinearModel(
            tuple(str(label) for label in fitted.classes_),
            Coefficients.from_matrix(coefficients.T),
            intercepts.astype(np.float32),
            temperature,
        )

    def result(self) -> tuple[LinearModel, HeldOut | None]:
        """Return the calibrated model, and what it did on the examples held out."""
        if not self._scored:
            return self.model(), None
        _, truth = self._judged()
        scores = np.zeros((len(truth), self._names))
        for part in self._scored:
            unseen, scored = part.result()
            scores[unseen] = scored
        held_out = HeldOut(scores, truth)
        return self.model(held_out.temperature()), held_out

    def _judged(self) -> tuple[Ints, Ints]:
        """Return the row of each example, and the number of its label."""
        first = np.unique(self.groups, return_index=True)[1]
        return first, np.unique(self.labels, return_inverse=True)[1][first]

    @property
    def _names(self) -> int:
        return len(np.unique(self.labels))

    def _score(self, rows: Ints, unseen: Ints) -> tuple[Ints, Doubles]:
        is_seen = ~np.isin(self.groups, self.groups[rows])
        part = _train(self.matrix[is_seen], self.labels[is_seen], self._strength)
        scores = part.decision_function(self.matrix[rows])
        return unseen, np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def fit(
    matrix: Any, labels: Sequence[str], groups: Sequence[int], strength: float
) -> tuple[LinearModel, HeldOut | None]:
    """Train on a matrix of messages; return the model and what it did on messages not seen."""
    with pool_of_threads() as pool:
        return Fitting(pool, matrix, labels, groups, strength).hold_out().result()


def pool_of_threads() -> Executor:
    """Return a pool for `Fitting`: liblinear computes without Python's lock."""
    import_learning()
    return ThreadPoolExecutor(os.cpu_count())


def import_learning() -> None:
    """Import scikit-learn and scipy, whole.

    Before any thread does: two threads that import parts of scikit-learn at once can meet each
    other's half-made modules, and one of them fails.
    """
    restore_modules(*LEARNING)
    for name in ("scipy.sparse", "sklearn.model_selection", "sklearn.svm"):
        importlib.import_module(name)


def _train(matrix: Any, labels: Sequence[str] | NDArray[Any], strength: float) -> Any:
    from sklearn.svm import LinearSVC

    # The dual solver takes a quarter of the primal one's time. Its random numbers come from one
    # generator of the process, set anew by each fit: two at once would differ from run to run.
    model = LinearSVC(C=strength, loss="squared_hinge", dual=True, tol=TOLERANCE, random_state=0)
    with _ONE_FIT:
        return model.fit(matrix, labels)
