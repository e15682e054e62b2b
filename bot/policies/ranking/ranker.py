"""Ranker of answer units: a small network over the features, learned from annotated talks.

A message is read twice: after the answer before it, and as if that answer were unknown, with the
person's own messages alone. Both count alike, since the answer may have been mistaken; of a message
that names no matter of its own (给钱吗) the first counts as much as that is sure.

`python -m bot policies fit` learns it (bot/policy_learning/learning.py) and writes the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.caches import process_cache
from bot.policies.ranking.features import FEATURES
from bot.search.bm25 import Floats
from bot.settings import settings

Doubles = NDArray[np.float64]
#: The file, in the data folder, and the digits that weights are written with.
FILE, DIGITS = "answer_ranking.json", 4
#: What is known of a unit by the answer before alone, and tells nothing where that is unknown.
PREVIOUS_ANSWER_FEATURES = ("spoken_of", "spoken_of_names_none", "said", "follows", "follows_share")
_UNKNOWN = [FEATURES.index(name) for name in PREVIOUS_ANSWER_FEATURES]
_BEGINS, _NAMES_NONE = FEATURES.index("begins"), FEATURES.index("names_none")
#: How much a message read after the answer before it counts at least.
MIN_TRUST = 0.5


@dataclass(frozen=True)
class Ranker:
    """One hidden layer; the rows' means and spreads are part of its weights."""

    hidden: Doubles
    """A row a feature, a column a hidden unit."""
    hidden_bias: Doubles
    out: Doubles
    bias: float
    threshold: float
    """From this probability on a unit is said as the answer."""
    within: float
    """From this probability on a unit of the policy is said that the message is surely about."""

    def probabilities(self, rows: Floats, certain: bool = False) -> Doubles:
        """Return for each row the probability that its unit answers the message.

        `certain` is whether what was spoken of before is certain: said in the same message.
        """
        shares = self._shares(rows)
        if certain or not _has_before(rows):
            return shares
        trust = np.maximum(rows[:, _NAMES_NONE].astype(np.float64), MIN_TRUST)
        unknown = self._shares(_before_unknown(rows))
        return np.asarray(trust * shares + (1 - trust) * unknown)

    def _shares(self, rows: Floats) -> Doubles:
        hidden = np.maximum(rows.astype(np.float64) @ self.hidden + self.hidden_bias, 0.0)
        scores = hidden @ self.out + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def _has_before(rows: Floats) -> bool:
    """Tell whether anything is known of an answer before."""
    return bool(rows[:, _UNKNOWN].any() or not rows[:, _BEGINS].all())


def _before_unknown(rows: Floats) -> Floats:
    """Return rows as for a message with an unknown previous answer."""
    without = rows.copy()
    without[:, _UNKNOWN] = 0.0
    without[:, _BEGINS] = 1.0
    return without


def write(rank: Ranker, file: Path) -> None:
    """Write a ranker to a file."""
    content = {
        "learned_by": "python -m bot policies fit",
        "features": {
            name: [round(float(weight), DIGITS) for weight in row]
            for name, row in zip(FEATURES, rank.hidden, strict=True)
        },
        "hidden_bias": [round(float(weight), DIGITS) for weight in rank.hidden_bias],
        "out": [round(float(weight), DIGITS) for weight in rank.out],
        "bias": round(rank.bias, DIGITS),
        "threshold": rank.threshold,
        "within": rank.within,
    }
    lines = json.dumps(content, ensure_ascii=False).replace('], "', '],\n"')
    file.write_text(lines + "\n", encoding="utf-8")


@process_cache(size=4)
def ranker(data: Path | None = None) -> Ranker:
    """Return the ranker of a data folder (default: the settings')."""
    content = json.loads(((data or settings().data) / FILE).read_text(encoding="utf-8"))
    return Ranker(
        np.array([content["features"][name] for name in FEATURES], dtype=np.float64),
        np.array(content["hidden_bias"], dtype=np.float64),
        np.array(content["out"], dtype=np.float64),
        float(content["bias"]),
        float(content["threshold"]),
        float(content["within"]),
    )
