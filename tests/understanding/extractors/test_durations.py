"""Lengths of time in months."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.extractors.durations import extract


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("交了八年", [96]),
        ("八年零三个月", [99]),
        ("六年半", [78]),
        ("俩月", [2]),
        ("半年", [6]),
        ("12个月", [12]),
        ("12月", []),
        ("13月", [13]),
        ("60年", [720]),
        ("61年", []),
        ("2024年", []),
        ("120个月", [120]),
        ("121个月", []),
    ],
)
def test_lengths_of_a_message(text: str, months: list[int]) -> None:
    assert [span.value.months for span in extract(normalise(text).text)] == months
