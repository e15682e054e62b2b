"""The period that a sum of pay is for."""

from __future__ import annotations

import pytest

from bot.understanding.extractors.salary import extract


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("时薪20，日结", 3480),
        ("每小时25(日结)", 4350),
        ("周薪1500，日结", 6500),
        ("月薪1800日结", 1800),
        ("200，日结", 4350),
    ],
)
def test_a_stated_period_counts_before_the_day_of_payment(text: str, monthly: int) -> None:
    assert [pay.value.min for pay in extract(text)] == [monthly]
