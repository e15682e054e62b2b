"""Conditions that a posting violates, and postings that are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from bot.matching.hard_filters import violated_conditions
from tests.matching.postings import guard, wish


def test_a_posting_that_fits_violates_nothing() -> None:
    assert violated_conditions(guard(), wish()) == frozenset()


@pytest.mark.parametrize(
    ("posting", "excluded"),
    [
        ({"title": "夜班保安"}, "夜班"),
        ({"title": "销售保安", "occupations": ("保安员", "销售员")}, "销售"),
        ({}, "保安员"),
        ({"work_time": "shift_night"}, "shift_night"),
    ],
)
def test_what_is_ruled_out_by_title_first_occupation_or_time_is_never_shown(
    posting: dict[str, Any], excluded: str
) -> None:
    assert violated_conditions(guard(**posting), wish(excluded=(excluded,))) is None


def test_a_further_occupation_that_is_ruled_out_stays() -> None:
    posting = guard(occupations=("保安员", "销售员"))
    assert violated_conditions(posting, wish(excluded=("销售员",))) == frozenset()


@pytest.mark.parametrize(
    ("stated", "wanted", "violated"),
    [
        ("full_time", "part_time", None),
        ("gig", "full_time", None),
        ("shift_night", "shift_day", None),
        ("shift_day", "full_time", frozenset()),
        ("gig", "part_time", frozenset()),
        (None, "full_time", frozenset()),
        (None, "shift_day", frozenset()),
        (None, "part_time", frozenset({"time_unstated"})),
        ("part_time", None, frozenset()),
    ],
)
def test_another_working_time_than_the_one_wished_for_is_never_shown(
    stated: str | None, wanted: str | None, violated: frozenset[str] | None
) -> None:
    assert violated_conditions(guard(work_time=stated), wish(work_time=wanted)) == violated


@pytest.mark.parametrize(
    ("low", "high", "violated"),
    [
        (3000, None, None),
        (2999, 2999, "pay_lower"),
        (2900, 3000, "pay_reaches"),
        (2900, 2999, "pay_lower"),
        (1000, 1200, "pay_below"),
        (None, None, "pay_unknown"),
    ],
)
def test_pay_holds_from_the_wished_yuan_on(
    low: int | None, high: int | None, violated: str | None
) -> None:
    posting = guard(salary_min=low, salary_max=high)
    assert violated_conditions(posting, wish()) == frozenset([violated] if violated else [])


def test_without_a_wish_for_pay_any_pay_holds() -> None:
    posting = guard(salary_min=None, salary_max=None)
    assert violated_conditions(posting, wish(salary_min=None)) == frozenset()


@pytest.mark.parametrize(
    ("region", "wanted", "holds"),
    [
        ("210106", "210100", True),
        ("210106", "210102", False),
        ("210100", "210106", False),
        (None, "210106", False),
        (None, None, True),
    ],
)
def test_a_place_holds_what_lies_in_it(region: str | None, wanted: str | None, holds: bool) -> None:
    violated = violated_conditions(guard(region_code=region), wish(region_code=wanted))
    assert violated == (frozenset() if holds else frozenset({"place"}))


def test_another_trade_is_shown_only_as_a_substitute() -> None:
    assert violated_conditions(guard(occupations=("会计",)), wish()) is None
