"""Parts of the score for trade and place."""

from __future__ import annotations

import pytest

from bot.matching.components.occupation_and_place import (
    place_part,
    region_proximity,
    shared_code_levels,
    trade_part,
)
from tests.matching.postings import guard, wish


@pytest.mark.parametrize(
    ("occupations", "part"),
    [(("保安员",), 1.0), (("会计", "保安员"), 0.8), (("会计", "出纳", "保安员"), 0.65), ((), 0.0)],
)
def test_a_further_occupation_counts_less(occupations: tuple[str, ...], part: float) -> None:
    assert trade_part(guard(occupations=occupations), wish()) == pytest.approx(part)


def test_without_a_wish_trade_and_place_decide_nothing() -> None:
    assert trade_part(guard(), wish(occupations=())) == 0.5
    assert place_part(guard(), wish(region_code=None)) == 0.5


def test_the_nearest_of_several_places_counts() -> None:
    assert place_part(guard(), wish(region_code="210202", also_regions=("210106",))) == 1.0
    assert place_part(guard(region_code=None), wish()) == 0.0


@pytest.mark.parametrize(
    ("region", "wanted", "near"),
    [("210106", "210100", 1.0), ("210100", "210106", 0.6), ("210102", "210106", 0.5),
     ("210402", "210106", 0.3), ("210202", "210106", 0.15), ("110101", "210106", 0.0)],
)  # fmt: skip
def test_nearness_falls_by_steps(region: str, wanted: str, near: float) -> None:
    assert region_proximity(region, wanted) == near


def test_codes_share_levels_from_the_first_on() -> None:
    assert shared_code_levels("月嫂", "育儿嫂") == 4
    assert shared_code_levels("保安员", "保安员") == 4
    assert shared_code_levels("保安员", "没有这工种") == 0
