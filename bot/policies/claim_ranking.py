"""What each likeness of a claim to a question is worth: weights learned from the claims' own asks.

`python -m bot policies fit` learns them: each ask is put as a question while it is taken out of the
index; messages that want something else have no right claim. Written to data/claim_ranking.yml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from ruamel.yaml import YAML

from bot.settings import settings

Floats = NDArray[np.float32]
#: The likenesses, in the order of a row.
FEATURES = (
    "best_ask",  # BM25 of the ask nearest by words, as a share of the most that is possible
    "second_ask",
    "ask_shared",  # the share of that ask's words that stand in the question
    "in_asks",  # the share of the question's words that stand in the asks
    "covered",  # … or in the answers or the policy's names
    "near",  # cosine of the ask nearest by meaning, of the second, their mean, of the answer
    "second_near",
    "mean_near",
    "answer_near",
    "best_ask_gap",  # the same against the best of all claims
    "near_gap",
    "answer_gap",
    "topic",  # the classifier's probability of the policy
    "topic_first",
    "topic_log",
    "topic_highest",
    "context",  # the policy spoken of before
    "same_kind",
    "other_kind",
    "named",
    "other_named",
    "length",
)
#: The file of the weights, in the data folder.
FILE = "claim_ranking.yml"


@dataclass(frozen=True)
class Ranking:
    """Weights of a logistic model, and from which probability on a claim is said."""

    weights: tuple[float, ...]
    """One of each of FEATURES."""
    bias: float
    threshold: float
    """From this probability on a claim is said as the answer."""
    within: float
    """From this probability on a claim of the policy that the classifier is sure of is said."""

    def probabilities(self, rows: Floats) -> NDArray[np.float64]:
        """Return for each row the probability that its claim answers the question."""
        scores = rows.astype(np.float64) @ np.array(self.weights) + self.bias
        return np.asarray(1 / (1 + np.exp(-scores)))


def write(rank: Ranking, file: Path) -> None:
    """Write weights to a file."""
    lines = [
        "# Learned by `python -m bot policies fit`; see bot/policies/claim_ranking.py.",
        "weights:",
    ]
    lines += [
        f"  {name}: {weight:.4f}" for name, weight in zip(FEATURES, rank.weights, strict=True)
    ]
    lines += [
        f"bias: {rank.bias:.4f}",
        f"threshold: {rank.threshold:.3f}",
        f"within: {rank.within:.3f}",
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@lru_cache(maxsize=4)
def ranking(data: Path | None = None) -> Ranking:
    """Return the weights of a data folder (default: the settings')."""
    file = (data or settings().data) / FILE
    given = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    weights: Sequence[float] = [float(given["weights"][name]) for name in FEATURES]
    return Ranking(
        tuple(weights), float(given["bias"]), float(given["threshold"]), float(given["within"])
    )
