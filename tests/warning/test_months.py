"""Months as their first days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.warning.months import last_day, month_number, month_of, months_before

FIRST = st.dates(date(1900, 1, 1), date(2200, 1, 1)).map(lambda day: day.replace(day=1))


@given(FIRST, st.integers(-600, 600))
def test_months_are_counted_there_and_back(month: date, count: int) -> None:
    assert month_of(month_number(month)) == month
    assert months_before(months_before(month, count), -count) == month


@pytest.mark.parametrize(
    ("month", "count", "other"),
    [
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2026, 12, 1), -1, date(2027, 1, 1)),
        (date(2026, 11, 1), 12, date(2025, 11, 1)),
        (date(2026, 11, 1), 0, date(2026, 11, 1)),
    ],
)
def test_months_before_and_after(month: date, count: int, other: date) -> None:
    assert months_before(month, count) == other


@pytest.mark.parametrize(("month", "day"), [(2, 28), (11, 30), (12, 31)])
def test_the_last_day_of_a_month(month: int, day: int) -> None:
    assert last_day(date(2026, month, 1)) == date(2026, month, day)
