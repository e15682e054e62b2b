"""Parts of the score that rest on the person."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bot import clock
from bot.matching.components import person
from bot.postings.traits import Traits
from tests.matching.postings import guard, wish


@pytest.mark.parametrize(
    ("required", "told", "part"),
    [
        (None, {}, 0.7),
        (0, {}, 1.0),
        (0, {"experience_years": 2}, 1.0),
        (0, {"experience_years": 3}, 0.8),
        (1, {}, 0.48),
        (3, {"experience_years": 3}, 1.0),
        (3, {"experience_years": 2}, 0.25),
        (3, {"group": "graduate"}, 0.0),
    ],
)
def test_required_experience(required: int | None, told: dict[str, Any], part: float) -> None:
    scored = person.experience_part(guard(experience_years=required), wish(**told))
    assert scored == pytest.approx(part)


@pytest.mark.parametrize(
    ("required", "has", "part"),
    [
        (None, None, 0.7),
        ("senior", None, 0.9),
        ("senior", "vocational", 1.0),
        ("none", "master", 0.7),
        ("college", "senior", 0.25),
        ("bachelor", "senior", 0.0),
    ],
)
def test_required_schooling(required: str | None, has: str | None, part: float) -> None:
    scored = person.schooling_part(guard(education=required), wish(education=has))
    assert scored == pytest.approx(part)


@pytest.mark.parametrize(
    ("posting", "told", "beyond"),
    [
        ({"education": "bachelor"}, {"education": "senior"}, True),
        ({"education": "college"}, {"education": "senior"}, False),
        ({"education": "bachelor"}, {}, False),
        ({"experience_years": 3}, {"experience_years": 1}, True),
        ({"experience_years": 3}, {"experience_years": 2}, False),
        ({"experience_years": 2}, {"group": "graduate"}, True),
        ({"experience_years": 5}, {}, False),
    ],
)
def test_two_steps_or_two_years_are_out_of_reach(
    posting: dict[str, Any], told: dict[str, Any], beyond: bool
) -> None:
    assert person.is_underqualified(guard(**posting), wish(**told)) == beyond


@pytest.mark.parametrize(
    ("told", "part"),
    [({"age": 18}, 1), ({"age": 50}, 1), ({"age": 51}, 0), ({"group": "age_4050"}, 1), ({}, 0.5)],
)
def test_both_ends_of_the_ages_belong_to_them(told: dict[str, Any], part: float) -> None:
    posting = guard(traits=Traits(ages=(18, 50)))
    assert person.age_part(posting, wish(**told)) == part


def test_the_wished_time_comes_first_and_without_a_wish_ordinary_hours() -> None:
    assert person.work_time_part(guard(work_time="gig"), wish(work_time="gig")) == 1
    assert person.work_time_part(guard(), wish(work_time="gig")) == 0.5
    parts = [
        person.work_time_part(guard(work_time=t), wish())
        for t in ("full_time", "shift_night", "gig")
    ]
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize(
    ("days", "part"), [(0, 1.0), (45, 0.5), (90, 0.0), (200, 0.0), (-3, 1.0), (None, 0.0)]
)
def test_a_posting_fades_within_ninety_days(days: int | None, part: float) -> None:
    today = date(2026, 11, 24)
    published = None if days is None else today - timedelta(days=days)
    with clock.frozen(today):
        assert person.fresh_part(guard(published_on=published), wish()) == pytest.approx(part)
