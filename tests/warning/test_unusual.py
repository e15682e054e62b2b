from datetime import date

import numpy as np
import pytest

from bot.warning import demo
from bot.warning.months import months_before
from bot.warning.series import Series
from bot.warning.unusual import back_test, expected, history, is_unusual

END = date(2026, 10, 1)


def seasonal(years: int, growth: float = 0.0, seed: int = 0) -> dict[date, float]:
    """Counts around 200 with a winter peak."""
    rng = np.random.default_rng(seed)
    months = [months_before(END, n) for n in range(12 * years - 1, -1, -1)]
    return {
        m: float(
            rng.poisson(
                200 * (1 + growth) ** (n / 12) * (1 + 0.4 * np.cos(2 * np.pi * (m.month - 1) / 12))
            )
        )
        for n, m in enumerate(months)
    }


def test_the_season_is_expected_and_a_winter_peak_is_not_unusual() -> None:
    values = seasonal(5)
    for month in (date(2026, 1, 1), date(2026, 6, 1)):
        known = expected(values, month, 3)
        assert known
        assert known.expected == pytest.approx(
            200 * (1 + 0.4 * np.cos(2 * np.pi * (month.month - 1) / 12)), rel=0.2
        )
        assert is_unusual(values, month, 3) is False


def test_growth_over_years_moves_what_is_expected() -> None:
    values = seasonal(5, growth=0.2)
    known = expected(values, END, 3)
    assert known
    assert known.expected > 1.5 * expected(seasonal(5), END, 3).expected  # type: ignore[union-attr]
    assert is_unusual(values, END, 3) is False


def test_a_jump_is_unusual_and_one_odd_year_hides_none() -> None:
    values = seasonal(5)
    values[END] *= 1.8
    assert is_unusual(values, END, 3)
    values[months_before(END, 12)] *= 3
    assert is_unusual(values, END, 3)
    assert is_unusual(
        {m: -0.0 + v if m != END else v / 4 for m, v in values.items()}, END, 3, falls=True
    )


def test_without_two_earlier_years_nothing_is_said() -> None:
    assert is_unusual(seasonal(2), END, 3) is None
    assert is_unusual(seasonal(4), END, 3) is False
    assert str(back_test({}, END, 3)) == "历史不够，没有回测"
    values = seasonal(5)
    del values[END]
    assert is_unusual(values, END, 3) is None


def test_the_back_test_counts_rings_by_what_was_known_before_each_month() -> None:
    rung = months = 0
    for seed in range(20):
        tested = back_test(seasonal(5, seed=seed), END, 3)
        rung, months = rung + len(tested.rung), months + tested.months
    assert months == 20 * 24
    assert rung / months < 0.03
    values = seasonal(5)
    event = months_before(END, 7)
    values[event] *= 2
    tested = back_test(values, END, 3, confirmed={event})
    assert event in tested.rung
    assert tested.right == 1
    assert "1次属实" in str(tested)


def test_the_planted_jump_of_the_demo_is_found_in_its_district_alone() -> None:
    made = demo.make(END, firms=2)
    rows = [row for rows in made.counts.values() for row in rows if row["measure"] == "inflow"]
    series = Series({(row["district"], row["month"]): row["value"] for row in rows})
    event = {END, months_before(END, 1)}
    rung = {
        place: set(back_test(history(series, place, 1), END, 3, confirmed=event).rung)
        for place in demo.DISTRICTS
    }
    assert event & rung[demo.JUMP_DISTRICT]
    others = [
        month for place, months in rung.items() if place != demo.JUMP_DISTRICT for month in months
    ]
    assert len(others) <= 5  # of 5 districts × 24 months
