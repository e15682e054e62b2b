import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.warning.grades import Usual, industry_group, is_strong, tail, usual
from bot.warning.leaver_rule import Crossings
from tests.profiles import size
from tests.warning.rule_cases import RULE, Staff, found, worked_out


@given(st.integers(1, 300), st.integers(1, 300), st.floats(1e-4, 0.6))
def test_the_tail_is_the_sum_of_the_binomial_where_it_is_small(
    leavers: int, base: int, share: float
) -> None:
    ours = tail(np.array([leavers]), np.array([base]), np.array([share]))[0]
    exact = math.fsum(
        math.comb(base, k) * share**k * (1 - share) ** (base - k) for k in range(leavers, base + 1)
    )
    if leavers > base * share:
        assert ours == pytest.approx(exact, rel=1e-6, abs=1e-12)
    else:
        assert ours == 1
        assert exact > 0.01


def test_a_giant_firm_does_not_underflow() -> None:
    chances = tail(np.array([1000, 1200]), np.array([50_000] * 2), np.array([0.02] * 2))
    assert chances[0] == 1
    assert 0 < chances[1] < 1e-8


def test_industries_are_compared_by_two_digits() -> None:
    assert [industry_group(one) for one in ("C3511", "3511", "C35", "C", "")] == ["35"] * 3 + [
        ""
    ] * 2


def seasonal(last_year: int, base: int = 300) -> tuple[Crossings, Usual]:
    """Firm 0 loses 40 of 300 in November 2026; firm 1, of its trade, lost some a year before."""
    staff = (
        Staff()
        .file("hire", range(base), date(2025, 9, 1))
        .file("hire", range(1000, 1300), date(2025, 9, 1), firm=1)
    )
    staff.file("hire", range(base), date(2026, 10, 1))  # a filing that keeps the base young
    staff.file("end", range(1000, 1000 + last_year), date(2025, 11, 3), firm=1)
    staff.file("end", range(40), date(2026, 11, 3))
    day = date(2026, 11, 5)
    crossed = found(staff.rows, day, day)
    employed = worked_out(staff.rows)[1]
    return crossed, usual(RULE, employed, crossed, ["B11", "1190"], ["210106", "210106"])


def test_what_happens_each_autumn_is_usual_and_what_does_not_is_strong() -> None:
    for last_year, strong in ((100, False), (6, True), (0, True)):
        crossed, known = seasonal(last_year)
        assert known.level.tolist() == [0]
        assert known.share[0] == pytest.approx((last_year + 0.5) / 601)
        assert is_strong(RULE, crossed, known).tolist() == [strong]


def test_nothing_is_strong_without_earlier_years_or_below_five_leavers() -> None:
    staff = (
        Staff().file("hire", range(30), date(2026, 10, 1)).file("end", range(4), date(2026, 11, 3))
    )
    crossed = found(staff.rows, date(2026, 11, 5), date(2026, 11, 5))
    known = usual(RULE, worked_out(staff.rows)[1], crossed, ["C35"], ["210106"])
    assert known.level.tolist() == [-1]
    assert is_strong(RULE, crossed, known).tolist() == [False]
    rare = Usual(np.array([0.001]), np.array([0], np.int8))
    assert is_strong(RULE, crossed, rare).tolist() == [False]
    assert is_strong(replace(RULE, strong_leavers=4), crossed, rare).tolist() == [True]


def test_where_few_worked_the_city_and_then_the_province_are_looked_at() -> None:
    base, day = date(2025, 9, 1), date(2026, 11, 5)
    staff = Staff().file("hire", range(100), base).file("hire", range(100), date(2026, 10, 1))
    staff.file("hire", range(1000, 1150), base, firm=1).file(
        "hire", range(2000, 2150), base, firm=2
    )
    staff.file("end", range(20), date(2026, 11, 3))
    crossed, employed = found(staff.rows, day, day), worked_out(staff.rows)[1]
    for places, level in (
        (["210106", "210104", "210304"], 1), (["210106", "210204", "210304"], 2), (["210106", "110101", "110101"], -1),
    ):  # fmt: skip
        assert usual(RULE, employed, crossed, ["C35"] * 3, places).level.tolist() == [level]


def windows_by_chance(base: int, monthly: float, days: int, firms: int, seed: int) -> float:
    """Share of firms in per cent whose leavers of one window of so many days reach a tenth."""
    chance = 1 - (1 - monthly) ** (days / 30)
    leavers = np.random.default_rng(seed).binomial(base, chance, firms)
    return float(100 * np.mean(10 * leavers >= base))


@pytest.mark.parametrize(
    ("base", "monthly", "days", "percent", "within"),
    [
        (100, 0.02, 30, 0.0, 0.05), (100, 0.02, 90, 7, 1.5), (100, 0.02, 365, 99.9, 0.3),
        (100, 0.04, 30, 0.7, 0.3), (100, 0.04, 90, 73, 3), (100, 0.04, 365, 100, 0.1),
        (9, 0.02, 30, 17, 1), (20, 0.02, 30, 6, 1), (50, 0.02, 30, 0.3, 0.15),
    ],
)  # fmt: skip
def test_the_chances_of_crossing_by_ordinary_turnover_are_those_of_the_plan(
    base: int, monthly: float, days: int, percent: float, within: float
) -> None:
    assert abs(windows_by_chance(base, monthly, days, size(40_000, 400_000), 1) - percent) <= within


def test_the_rule_itself_crosses_as_often_as_chance_says() -> None:
    """Firms of nine with 2 % a month: 17 % of months, by filings that pass through the rule."""
    rng = np.random.default_rng(7)
    firms, base = 400, 9
    staff = Staff()
    for firm in range(firms):
        persons = range(firm * base, firm * base + base)
        staff.file("hire", persons, date(2026, 10, 1), firm=firm)
        for person in persons:
            if rng.random() < 0.02:
                staff.file(
                    "end",
                    [person],
                    date(2026, 11, 1) + timedelta(days=int(rng.integers(30))),
                    firm=firm,
                )
    crossed = found(staff.rows, date(2026, 11, 30), date(2026, 11, 30))
    assert 100 * len(crossed) / firms == pytest.approx(17, abs=5)
