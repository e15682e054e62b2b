"""Indicators that are made from open postings."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.warning.computed import figure
from tests.factories import make_posting

REGION, MONTH = "210100", date(2026, 11, 1)


@pytest.mark.parametrize(
    ("pay", "median"),
    [
        ([(5000, None)], 5000),
        ([(3000, 4000)], 3500),
        ([(3000, 4000), (5000, None), (6000, 8000)], 5000),
        ([(3000, 4000), (None, None)], 3500),
    ],
)
def test_offered_pay_is_the_median_of_the_postings_mean_pay(
    words: Session, pay: list[tuple[int | None, int | None]], median: float
) -> None:
    words.add_all(make_posting(salary_min=low, salary_max=high) for low, high in pay)
    words.add(make_posting(region="210203", salary_min=9000, salary_max=9000))
    words.flush()
    with clock.frozen(date(2026, 11, 20)):
        assert figure(words, "offered_pay", REGION, MONTH).value == median


def test_offered_pay_is_unknown_without_pay_and_for_a_past_month(words: Session) -> None:
    words.add(make_posting(salary_min=None, salary_max=None))
    words.flush()
    with clock.frozen(date(2026, 11, 20)):
        unstated = figure(words, "offered_pay", REGION, MONTH)
        past = figure(words, "offered_pay", REGION, date(2026, 10, 1))
    assert (unstated.value, past.value) == (None, None)
    assert unstated.note != past.note
