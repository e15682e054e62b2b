"""How likely a unit answers a message: a small network over the features, learned from talks.

`python -m bot policies fit` learns it (bot/policies/ranking/learning.py) and writes the file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.policies.ranking.features import FEATURES
from bot.search.lexical import Floats
from bot.settings import settings

Doubles = NDArray[np.float64]
#: The file, in the data folder, and the digits that weights are written with.
FILE, DIGITS = "answer_ranking.json", 4


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

    def probabilities(self, rows: Floats) -> Doubles:
        """Return for each row the probability that its unit answers the message."""
        hidden = np.maximum(rows.astype(np.float64) @ self.hidden + self.hidden_bias, 0.0)
        scores = hidden @ self.out + self.bias
        return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))))


def write(rank: Ranker, file: Path) -> None:
    """Write a ranker to a file."""
    given = {
        "learned_by": "python -m bot policies fit",
        "features": {
            name: [round(float(one), DIGITS) for one in row]
            for name, row in zip(FEATURES, rank.hidden, strict=True)
        },
        "hidden_bias": [round(float(one), DIGITS) for one in rank.hidden_bias],
        "out": [round(float(one), DIGITS) for one in rank.out],
        "bias": round(rank.bias, DIGITS),
        "threshold": rank.threshold,
        "within": rank.within,
    }
    lines = json.dumps(given, ensure_ascii=False).replace('], "', '],\n"')
    file.write_text(lines + "\n", encoding="utf-8")


@lru_cache(maxsize=4)
def ranker(data: Path | None = None) -> Ranker:
    """Return the ranker of a data folder (default: the settings')."""
    given = json.loads(((data or settings().data) / FILE).read_text(encoding="utf-8"))
    return Ranker(
        np.array([given["features"][name] for name in FEATURES], dtype=np.float64),
        np.array(given["hidden_bias"], dtype=np.float64),
        np.array(given["out"], dtype=np.float64),
        float(given["bias"]),
        float(given["threshold"]),
        float(given["within"]),
    )
