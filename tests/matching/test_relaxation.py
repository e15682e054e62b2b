"""Conditions that a posting does not meet, in words and by kind."""

from __future__ import annotations

import pytest

from bot.matching.relaxation import SEPARATOR, describe_relaxation, relaxation_values
from tests.matching.postings import guard, wish


def test_nothing_is_told_of_a_posting_that_meets_everything() -> None:
    assert describe_relaxation(frozenset(), guard(), wish()) is None
    assert relaxation_values(frozenset(), guard(), wish()) == {}


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("210100", "city_only"),
        ("210102", "district"),
        ("210400", "city"),
        ("211300", "far"),
        (None, "far"),
    ],
)
def test_a_place_is_told_by_how_near_it_is(region: str | None, kind: str) -> None:
    values = relaxation_values(frozenset({"place"}), guard(region_code=region), wish())
    assert list(values) == [kind]
    assert "铁西区" in str(
        describe_relaxation(frozenset({"place"}), guard(region_code=region), wish())
    )


def test_several_are_told_in_one_order() -> None:
    broken = frozenset({"pay_unknown", "trade", "time_unstated"})
    wanted = wish(work_time="gig")
    text = describe_relaxation(broken, guard(), wanted)
    assert text is not None
    assert len(text.split(SEPARATOR)) == 3
    assert list(relaxation_values(broken, guard(), wanted)) == [
        "trade",
        "time_unstated",
        "pay_unknown",
    ]
    assert "日结" in text


def test_pay_below_is_told_with_the_wished_yuan() -> None:
    broken = frozenset({"pay_below"})
    assert relaxation_values(broken, guard(), wish()) == {"pay_below": {"pay": 3000}}
    assert "3000" in str(describe_relaxation(broken, guard(), wish()))
