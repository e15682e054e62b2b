"""Training of the arbiter on annotated dialogues, with its accuracy on dialogues held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.dialogue.annotated import AnnotatedDialogue, AnnotatedTurn
from bot.dialogue.arbiter import FIELD, MOVE, Arbiter
from bot.dialogue.features import Values, features
from bot.dialogue.message import ParsedMessage
from bot.dialogue.readings import field_of
from bot.linear import Coefficients, HeldOut, LinearModel, import_learning

#: Parses a text as Rasa does.
Parse = Callable[[str], Mapping[str, Any]]
#: Inverse of the regularisation; features of fewer turns than MIN_TURNS are not used.
STRENGTH, MIN_TURNS = 0.15, 2
FOLDS = 5
SEED = 20261129


@dataclass(frozen=True)
class ArbiterReport:
    """The accuracy of readings on dialogues held out."""

    turns: int
    right: Mapping[str, float]
    """The share of right fields and of right moves."""

    def __str__(self) -> str:
        shares = ", ".join(f"{name} {share:.3f}" for name, share in self.right.items())
        return f"{self.turns} turns, held out by dialogue: right {shares}"


def learn(dialogues: Sequence[AnnotatedDialogue], parse: Parse) -> tuple[Arbiter, ArbiterReport]:
    """Return the arbiter, and how it does on turns of dialogues held out."""
    import_learning()
    turns = [turn for dialogue in dialogues for turn in dialogue.turns]
    of_dialogue = np.repeat(
        np.arange(len(dialogues)), [len(annotated.turns) for annotated in dialogues]
    )
    folds = np.random.default_rng(SEED).permutation(len(dialogues))[of_dialogue] % FOLDS
    rows = [
        features(ParsedMessage.from_parse(turn.text, parse(turn.text)), turn.state)
        for turn in turns
    ]
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= MIN_TURNS)
    columns = {name: column for column, name in enumerate(names)}
    matrix = _matrix(rows, columns)
    models, right = {}, {}
    for name, label in _LABELS.items():
        models[name], right[name] = _model(matrix, [label(turn) for turn in turns], folds)
    return Arbiter(columns, models), ArbiterReport(len(turns), right)


#: What each of the models tells of a turn.
_LABELS: dict[str, Callable[[AnnotatedTurn], str]] = {
    FIELD: lambda turn: field_of(turn.thread),
    MOVE: lambda turn: turn.move,
}


def _matrix(rows: Sequence[Values], columns: Mapping[str, int]) -> Any:
    from scipy.sparse import csr_matrix

    places, owners, values = [], [], []
    for row_index, row in enumerate(rows):
        for name, value in row.items():
            if name in columns:
                places.append(columns[name])
                owners.append(row_index)
                values.append(value)
    return csr_matrix((values, (owners, places)), shape=(len(rows), len(columns)))


def _model(matrix: Any, labels: Sequence[str], folds: Any) -> tuple[LinearModel, float]:
    """Fit on all, calibrate on what was held out; return the model and the share right there."""
    names = sorted(set(labels))
    truth = np.array([names.index(label) for label in labels])
    scores = np.full((len(labels), len(names)), -9.0)
    for fold in range(FOLDS):
        fitted = _fit(matrix[folds != fold], truth[folds != fold])
        decisions = fitted.decision_function(matrix[folds == fold])
        decisions = np.column_stack([-decisions, decisions]) if decisions.ndim == 1 else decisions
        scores[np.ix_(folds == fold, fitted.classes_)] = decisions
    held_out = HeldOut(scores, truth)
    full_model = _fit(matrix, truth)
    weights, intercepts = full_model.coef_, full_model.intercept_
    if len(names) == 2:  # scikit-learn keeps one row for two labels
        weights, intercepts = np.vstack([-weights, weights]), np.array([-1, 1]) * intercepts
    model = LinearModel(
        tuple(names),
        Coefficients.from_matrix(weights.T),
        intercepts.astype(np.float32),
        held_out.temperature(),
    )
    return model, float((scores.argmax(axis=1) == truth).mean())


def _fit(matrix: Any, truth: Any) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=STRENGTH, dual=True, random_state=0, max_iter=5000).fit(matrix, truth)
