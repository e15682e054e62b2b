"""A linear model over n-gram counts: trained with scikit-learn, asked without it.

Stored as plain arrays and JSON (never a pickle), so that loading a model runs no code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Sparse:
    """One message as features: which columns, and how much of each (length 1 in all)."""

    columns: NDArray[np.int64]
    weights: Floats


@dataclass(frozen=True)
class Features:
    """The columns that n-grams stand for, with their inverse document frequencies."""

    vocabulary: dict[str, int]
    idf: Floats

    @classmethod
    def fit(cls, documents: Sequence[Counter[str]], rarest: int = 2) -> Features:
        """Take the n-grams that stand in at least `rarest` documents."""
        frequency: Counter[str] = Counter()
        for document in documents:
            frequency.update(document.keys())
        kept = sorted(gram for gram, count in frequency.items() if count >= rarest)
        counts = np.array([frequency[gram] for gram in kept], dtype=np.float32)
        idf = np.log((1 + len(documents)) / (1 + counts)) + 1
        return cls({gram: at for at, gram in enumerate(kept)}, idf.astype(np.float32))

    def of(self, document: Counter[str]) -> Sparse:
        """Weigh a message's n-grams: logarithmic frequency times rarity, of length 1."""
        known = [(self.vocabulary[g], n) for g, n in document.items() if g in self.vocabulary]
        columns = np.array([c for c, _ in known], dtype=np.int64)
        counts = np.array([n for _, n in known], dtype=np.float32)
        weights = (1 + np.log(counts, where=counts > 0)) * self.idf[columns]
        length = float(np.linalg.norm(weights))
        return Sparse(columns, (weights / length if length else weights).astype(np.float32))

    def matrix(self, documents: Sequence[Counter[str]]) -> Any:
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
class LinearModel:
    """Which of some labels a message carries, with calibrated probabilities."""

    labels: tuple[str, ...]
    coefficients: Floats
    """One row a column of the features, one column a label: a message reads few rows."""
    intercepts: Floats
    temperature: float
    """Scores are divided by it before the softmax; fitted on examples not trained on."""

    @classmethod
    def fit(
        cls, matrix: Any, labels: Sequence[str], strength: float, folds: int = 4
    ) -> LinearModel:
        """Train on a matrix of messages; `strength` is the inverse of the regularisation."""
        held_out = _held_out_scores(matrix, labels, strength, folds)
        known = _train(matrix, labels, strength)
        temperature = _best_temperature(*held_out) if held_out else 1.0
        return cls(
            tuple(known.classes_),
            np.ascontiguousarray(known.coef_.T, dtype=np.float32),
            known.intercept_.astype(np.float32),
            temperature,
        )

    def rank(self, message: Sparse) -> list[tuple[str, float]]:
        """Return every label with its probability, most probable first."""
        scores = message.weights @ self.coefficients[message.columns] + self.intercepts
        odds = np.exp((scores - scores.max()) / self.temperature)
        shares = odds / odds.sum()
        return [(self.labels[at], float(shares[at])) for at in np.argsort(-shares)]


def _train(matrix: Any, labels: Sequence[str], strength: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=strength, loss="squared_hinge", random_state=0).fit(matrix, labels)


def _held_out_scores(
    matrix: Any, labels: Sequence[str], strength: float, folds: int
) -> tuple[Floats, NDArray[np.int64]] | None:
    """Score every message by a model that has not seen it; None when labels are too rare."""
    from sklearn.model_selection import StratifiedKFold

    names = sorted(set(labels))
    if min(Counter(labels).values()) < folds or len(names) < 3:
        return None
    truth = np.array([names.index(label) for label in labels])
    scores = np.zeros((len(labels), len(names)), dtype=np.float32)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)
    for seen, unseen in splitter.split(matrix, truth):
        part = _train(matrix[seen], [labels[i] for i in seen], strength)
        scores[unseen] = part.decision_function(matrix[unseen])
    return scores, truth


def _best_temperature(scores: Floats, truth: NDArray[np.int64]) -> float:
    """Return the temperature under which the held-out messages are most probable."""

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_total = np.log(np.exp(scaled).sum(axis=1))
        return float((log_total - scaled[np.arange(len(truth)), truth]).mean())

    return float(min(np.geomspace(0.03, 3, 80), key=surprise))


def save(folder: Path, features: Features, models: dict[str, LinearModel]) -> None:
    """Write features and models to a folder."""
    arrays: dict[str, Any] = {"idf": features.idf}
    described: dict[str, Any] = {"vocabulary": list(features.vocabulary), "models": {}}
    for name, model in models.items():
        arrays[f"{name}.coefficients"] = model.coefficients.astype(np.float16)
        arrays[f"{name}.intercepts"] = model.intercepts
        described["models"][name] = {
            "labels": model.labels,
            "temperature": model.temperature,
        }
    np.savez_compressed(folder / "linear.npz", **arrays)
    (folder / "linear.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> tuple[Features, dict[str, LinearModel]]:
    """Read what `save` wrote."""
    described = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
    with np.load(folder / "linear.npz", allow_pickle=False) as arrays:
        features = Features(
            {gram: at for at, gram in enumerate(described["vocabulary"])}, arrays["idf"]
        )
        models = {
            name: LinearModel(
                tuple(about["labels"]),
                arrays[f"{name}.coefficients"].astype(np.float32),
                arrays[f"{name}.intercepts"],
                about["temperature"],
            )
            for name, about in described["models"].items()
        }
    return features, models
