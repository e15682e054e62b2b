"""The pay field of a posting."""

from __future__ import annotations

import pytest

from bot.understanding.extractors.pay_field import salary_field


@pytest.mark.parametrize(
    ("cell", "ends"),
    [
        ("3000-4000元/月", (3000, 4000)),
        ("4000以上", (4000, None)),
        ("5千到8千", (5000, 8000)),
        ("1-1.5万", (10000, 15000)),
        ("200元/天", (4350, 4350)),
    ],
)
def test_the_pay_of_a_cell_a_month(cell: str, ends: tuple[int, int | None]) -> None:
    pay = salary_field(cell)
    assert pay is not None
    assert (pay.min, pay.max) == ends


@pytest.mark.parametrize("cell", ["", "面议", "3元/件"])
def test_a_cell_without_a_sum_a_month_states_none(cell: str) -> None:
    pay = salary_field(cell)
    assert pay is None or (pay.min, pay.max) == (None, None)
