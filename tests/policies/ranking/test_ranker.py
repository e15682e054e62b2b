"""How much the answer before counts for the next message: it may have been mistaken."""

from __future__ import annotations

import numpy as np
import pytest

from bot.policies.ranking.features import FEATURES
from bot.policies.ranking.ranker import Ranker


def _ranker() -> Ranker:
    """A ranker to which a unit is certain where its policy was spoken of, and else is none."""
    hidden = np.zeros((len(FEATURES), 1))
    hidden[FEATURES.index("spoken_of")] = 60.0
    return Ranker(hidden, np.zeros(1), np.ones(1), -30.0, 0.5, 0.4)


def _row(**features: float) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([[features.get(name, 0.0) for name in FEATURES]], dtype=np.float32)


@pytest.mark.parametrize(
    ("features", "certain", "expected"),
    [
        ({"spoken_of": 1.0}, False, 0.5),
        ({"spoken_of": 1.0, "names_none": 0.2}, False, 0.5),
        ({"spoken_of": 1.0, "names_none": 0.9}, False, 0.9),  # 给钱吗 has no matter of its own
        ({"spoken_of": 1.0}, True, 1.0),  # said in the same message
        ({"begins": 1.0}, False, 0.0),
    ],
)
def test_the_answer_before_counts_half_but_for_what_names_nothing(
    features: dict[str, float], certain: bool, expected: float
) -> None:
    (share,) = _ranker().probabilities(_row(**features), certain)
    assert share == pytest.approx(expected, abs=1e-6)
