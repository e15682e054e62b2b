from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.vocabulary.vocabulary import vocabulary
from bot.warning.indicators import indicators
from bot.warning.levels import LevelReading, Levels
from bot.warning.months import months_before
from bot.warning.series import Series, districts, stock_gaps
from bot.warning.thresholds import Break, Threshold, read_thresholds
from tests.warning.lines import LINE, written

CITY, PLACE, MONTH = "210100", "210106", date(2026, 11, 1)


@pytest.fixture
def line(tmp_path: Path) -> Threshold:
    return read_thresholds(written(tmp_path))["registered-unemployed"]


def levels(
    values: dict[tuple[str, date], float],
    threshold: Threshold | None,
    name: str = "registered-unemployed",
    divisor: Series | None = None,
) -> Levels:
    return Levels(indicators().by_id[name], indicators(), threshold, Series(values), divisor)


def series(now: float, before: float = 1000, place: str = PLACE) -> dict[tuple[str, date], float]:
    return {(place, MONTH): now, (place, months_before(MONTH, 12)): before}


@pytest.mark.parametrize(
    ("now", "level"),
    [(1099, "blue"), (1100, "yellow"), (1249, "yellow"), (1250, "red"), (300, "blue")],
)
def test_a_level_is_reached_at_its_line(line: Threshold, now: float, level: str) -> None:
    reading = levels(series(now), line).reading(PLACE, MONTH)
    assert reading.level == level
    if level == "red":
        assert reading.why == "比1,000，为25.0%，线25，《测试用文件》（测发〔2025〕1号）"


def test_without_a_line_it_reads_unset_and_never_blue(line: Threshold) -> None:
    assert levels(series(900), None).reading(PLACE, MONTH).level == "unset"
    later = replace(line, lines=(replace(line.lines[0], effective_from=date(2027, 1, 1)),))
    assert levels(series(900), later).reading(PLACE, MONTH).level == "unset"
    elsewhere = replace(line, lines=(replace(line.lines[0], regions=("210200",)),))
    assert levels(series(900), elsewhere).reading(PLACE, MONTH).level == "unset"


def test_a_missing_district_is_missing_and_never_blue(line: Threshold) -> None:
    values = {
        key: one for place in districts(CITY) for key, one in series(900, place=place).items()
    }
    assert levels(values, line).reading(CITY, MONTH).level == "blue"
    del values[PLACE, MONTH]
    reading = levels(values, line).reading(CITY, MONTH)
    assert (reading.level, reading.figure) == ("missing", None)
    values |= series(900)
    del values[PLACE, months_before(MONTH, 12)]
    assert levels(values, line).reading(CITY, MONTH).level == "missing"
    assert levels({}, line).reading(PLACE, MONTH).level == "missing"


def test_a_small_base_reads_the_level_of_the_city_above(line: Threshold) -> None:
    values = {
        key: one for place in districts(CITY) for key, one in series(1300, place=place).items()
    }
    values |= series(100, 150)
    reading = levels(values, line).reading(PLACE, MONTH)
    assert reading.level == "red"
    assert reading.why == f"基数150不足200，看{vocabulary().full_name(CITY)}"


def test_a_level_falls_only_after_its_hold(line: Threshold) -> None:
    values = {}
    for n, now in enumerate((1000, 1000, 1300)):  # this month, the one before, the one before that
        values |= {
            (PLACE, months_before(MONTH, n)): now,
            (PLACE, months_before(MONTH, n + 12)): 1000,
        }
    shown = levels(values, line).effective
    assert [shown(PLACE, months_before(MONTH, n)).level for n in (2, 1, 0)] == [
        "red",
        "red",
        "blue",
    ]
    assert "还没满期" in shown(PLACE, months_before(MONTH, 1)).why


def test_nothing_is_compared_across_a_break(line: Threshold) -> None:
    for day, level in (
        (date(2026, 3, 1), "break"),
        (date(2025, 11, 1), "red"),
        (date(2025, 11, 2), "break"),
        (date(2026, 12, 1), "red"),
    ):
        broken = replace(line, breaks=(Break(day, "系统合并"),))
        assert levels(series(1300), broken).reading(PLACE, MONTH).level == level


def compared(line: Threshold, compare: str, **more: object) -> Threshold:
    return replace(line, lines=(replace(line.lines[0], compare=compare, **more),))  # type: ignore[arg-type]


def test_in_summer_and_at_spring_festival_only_the_same_month_compares(line: Threshold) -> None:
    last = compared(line, "last_month")

    def at(month: date) -> LevelReading:
        return levels({(PLACE, month): 1300, (PLACE, months_before(month, 1)): 1000}, last).reading(
            PLACE, month
        )

    assert at(date(2026, 5, 1)).level == "red"
    # Spring Festival of 2026 begins on 17 February; March would be compared with it.
    for month in (2, 3, 7, 8, 9):
        assert at(date(2026, month, 1)).level == "break"


def test_other_comparisons(line: Threshold) -> None:
    mean = {
        (PLACE, months_before(MONTH, 12 * n)): value
        for n, value in enumerate((1300, 1000, 900, 1100))
    }
    assert levels(mean, compared(line, "mean_3_years")).reading(
        PLACE, MONTH
    ).compared == pytest.approx(30)
    absolute = compared(line, "absolute", levels={"yellow": 1200.0, "red": 1400.0})
    assert levels(series(1300), absolute).reading(PLACE, MONTH).level == "yellow"
    share = compared(line, "share_of", share_of="labour_force", levels={"yellow": 3.0, "red": 4.0})
    force = Series({(PLACE, MONTH): 40_000})
    assert levels(series(1300), share, divisor=force).reading(PLACE, MONTH).compared == 3.25
    assert levels(series(1300), share, divisor=Series({})).reading(PLACE, MONTH).level == "missing"


def test_where_less_is_worse_a_fall_reaches_the_line(tmp_path: Path) -> None:
    text = (
        LINE.replace("id: registered-unemployed", "id: startup-loans")
        .replace("at_least: 10", "at_least: -10")
        .replace("at_least: 25", "at_least: -25")
    )
    line = read_thresholds(written(tmp_path, text))["startup-loans"]
    for now, level in ((901, "blue"), (900, "yellow"), (750, "red")):
        assert levels(series(now), line, "startup-loans").reading(PLACE, MONTH).level == level


def test_a_stock_that_does_not_follow_from_the_month_before_is_named() -> None:
    before = months_before(MONTH, 1)
    stock = Series(
        {(PLACE, before): 100, (PLACE, MONTH): 115, ("210104", before): 50, ("210104", MONTH): 50}
    )
    flow = Series({(PLACE, MONTH): 30, ("210104", MONTH): 5})
    out = Series({(PLACE, MONTH): 20, ("210104", MONTH): 5})
    assert stock_gaps(stock, flow, out, MONTH) == {PLACE: (115, 110)}
