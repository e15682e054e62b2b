from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from bot import clock
from bot.matching import Features, Market, score
from bot.matching.components.occupation_and_place import region_proximity, trade_similarity
from bot.matching.job_preference import JobPreference
from bot.postings.match_config import PARTS, rules
from bot.postings.traits import Traits
from tests.matching.anything import features, wishes

GUARD = Features(
    1, 1, "保安员", ("保安员",), "210106", 3000, 4000, None, None, None, date(2026, 11, 20), True,
    traits=Traits(),
)  # fmt: skip
WISH = JobPreference(occupations=("保安员",), region_code="210106", salary_min=3000)


def _part(name: str, wish: JobPreference = WISH, **changed: Any) -> float:
    with clock.frozen(date(2026, 11, 24)):
        return score(replace(GUARD, **changed), wish).part(name)


@given(features(), wishes())
def test_every_part_lies_between_nothing_and_one(posting: Features, wish: JobPreference) -> None:
    scored = score(posting, wish)
    assert len(scored.parts) == len(PARTS)
    assert all(0.0 <= part <= 1.0 for part in scored.parts)
    weighted = sum(w * p for w, p in zip(rules().weights, scored.parts, strict=True))
    assert scored.total == pytest.approx(weighted)


@given(features(), wishes())
def test_a_score_depends_on_nothing_but_the_pair(posting: Features, wish: JobPreference) -> None:
    assert score(posting, wish) == score(posting, wish)
    assert score(posting, wish).total > score(posting, wish, shown_before=True).total


def test_the_same_trade_is_nearest_then_one_of_its_code_then_of_its_family() -> None:
    assert trade_similarity("保安员", "保安员") == 1.0
    assert trade_similarity("月嫂", "育儿嫂") == 0.8  # one code, 4-10-01-01
    assert trade_similarity("保安员", "安检员") == 0.65  # 4-07-05
    assert trade_similarity("保安员", "防损员") == 0.55  # one family, 安保
    assert trade_similarity("保安员", "会计") == 0.0
    assert _part("trade") > _part("trade", occupations=("会计", "保安员")) > 0


@pytest.mark.parametrize(
    ("region", "near"),
    [
        ("210106", 1.0),
        ("210100", 0.6),
        ("210102", 0.5),
        ("210402", 0.3),
        ("210202", 0.15),
        ("110101", 0.0),
    ],
)
def test_the_farther_the_less(region: str, near: float) -> None:
    assert region_proximity(region, "210106") == near


def test_all_of_a_city_is_near_when_the_city_is_wished_for() -> None:
    assert region_proximity("210106", "210100") == region_proximity("210100", "210100") == 1.0
    assert region_proximity("210303", "210000") == 1.0


def test_pay_above_the_wish_counts_more_and_none_stated_little() -> None:
    assert _part("pay", salary_min=4500) == 1.0
    assert _part("pay") == 0.5
    assert _part("pay", salary_min=2000) < _part("pay")
    assert _part("pay", salary_min=None, salary_max=None) < _part("pay")


def test_pay_is_measured_against_what_the_trade_pays_there() -> None:
    low, usual, high = (Market("保安员", median, "210100") for median in (5000, 3500, 2500))
    assert (
        _part("market", market=low) < _part("market", market=usual) < _part("market", market=high)
    )
    assert _part("market", market=usual) == 0.5
    too_good = Market("保安员", 1000, "210100")
    assert _part("market", market=too_good) < _part("market", market=low)


def test_an_age_limit_counts_only_for_whom_it_leaves_out() -> None:
    limited = {"traits": Traits(ages=(18, 35))}
    assert _part("age", replace(WISH, age=52), **limited) == 0.0
    assert _part("age", replace(WISH, age=30), **limited) == 1.0
    assert _part("age", WISH, **limited) == 0.5
    assert _part("age", replace(WISH, group="age_4050"), **limited) == 0.0


def test_a_group_is_never_worse_off_where_nothing_is_said_of_it() -> None:
    for group in ("age_4050", "disabled", "graduate", "veteran", "hardship"):
        wish = replace(WISH, group=group)
        assert _part("group", wish) == _part("group", WISH)
        assert _part("group", wish, traits=Traits(suits=frozenset((group,)))) == 1.0


def test_a_managers_title_is_for_those_who_have_led() -> None:
    boss = {"title": "安保经理"}
    assert _part("level", replace(WISH, experience_years=5), **boss) == 1.0
    assert _part("level", replace(WISH, experience_years=0), **boss) == 0.0
    wished = replace(WISH, occupations=("销售经理",), experience_years=0)
    assert _part("level", wished, title="销售经理") == 1.0


def test_schooling_and_years_that_are_missing_count_against() -> None:
    junior = replace(WISH, education="junior", experience_years=1)
    assert _part("schooling", junior, education="bachelor") == 0.0
    assert _part("schooling", junior, education="junior") == 1.0
    assert _part("experience", junior, experience_years=5) == 0.0
    assert _part("experience", junior, experience_years=1) == 1.0


def test_wished_welfare_counts_by_its_share() -> None:
    wish = replace(WISH, welfare=("meals", "lodging"))
    assert _part("welfare", wish, traits=Traits(welfare=frozenset(("meals",)))) == 0.5
    assert _part("welfare", wish, traits=Traits(welfare=frozenset(("meals", "lodging")))) == 1.0


def test_a_posting_is_fresh_for_ninety_days() -> None:
    assert _part("fresh", published_on=date(2026, 11, 24)) == 1.0
    assert _part("fresh", published_on=date(2026, 8, 1)) == 0.0
    assert _part("fresh", published_on=None) == 0.0


def test_nights_and_odd_jobs_are_for_who_asks_for_them() -> None:
    assert _part("work_time", WISH, work_time="shift_night") < _part("work_time", WISH)
    assert _part("work_time", replace(WISH, work_time="gig"), work_time="gig") == 1.0
