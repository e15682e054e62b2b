"""Unusual figures for a place and season, apart from the lines of the office, with a back-test.

A figure is divided by the median of the twelve months before it. The median of these ratios in the
same month of earlier years says what the season is; times the present median of twelve months it is
what is expected. The spread is the median absolute deviation of the ratios of that month and its
neighbours, each month about its own median, and never less than that of counts (the root of what is
expected). With the three or four figures of a month that so many years give, a quantile regression
at 0.95 is but their maximum: one odd year would hide the next. Median and deviation stay where they
are as long as most years are in order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, log, sqrt
from statistics import median

from bot.warning.months import months_before
from bot.warning.series import Series
from bot.wording import wording

_SAY = wording("warning")

#: Earlier years without which nothing is said, and beyond which none is looked at.
LEAST_YEARS, _MOST_YEARS = 2, 5
#: Of the twelve months before, so many must be there.
_LEAST_MONTHS = 10
#: From the median absolute deviation to the standard deviation of a normal distribution.
_NORMAL = 1.4826


@dataclass(frozen=True)
class SeasonalExpectation:
    """Figure that the season suggests for a month, and the bounds of the usual."""

    expected: float
    low: float
    high: float
    years: int
    """Earlier years that it rests on."""


@dataclass(frozen=True)
class BackTest:
    """Score of a rule in the months that are known."""

    months: int
    """Months that it could judge."""
    rung: tuple[date, ...]
    right: int | None
    """Of them those that were confirmed; None where nothing was confirmed or refuted."""

    def __str__(self) -> str:
        if not self.months:
            return _SAY("no_back_test")
        right = "未核" if self.right is None else f"{self.right}次属实"
        return _SAY("back_test", months=self.months, times=len(self.rung), confirmed=right)


def history(series: Series, region: str, complete: float) -> dict[date, float]:
    """Return the figures of a region by month, without months that too few districts delivered."""
    return {
        month: series.total(series.delivered(region, month), month)
        for month in series.months()
        if series.completeness(region, month) >= complete
    }


def expected(
    values: Mapping[date, float], month: date, deviations: float
) -> SeasonalExpectation | None:
    """Return what the season says of a month by the months before it; None without history."""
    level = _level(values, month)
    by_shift = [_logs(values, month, shift) for shift in (0, -1, 1)]
    years = len(by_shift[0])
    if not level or years < LEAST_YEARS:
        return None
    centre = median(by_shift[0])
    apart = [abs(item - median(logs)) for logs in by_shift if len(logs) > 1 for item in logs]
    # About their own median few figures lie closer than about the true one.
    spread = _NORMAL * median(apart) * sqrt(years / (years - 1))
    middle = level * exp(centre)
    spread = max(spread, 1 / sqrt(max(middle, 1.0)))
    factor = exp(deviations * spread)
    return SeasonalExpectation(middle, middle / factor, middle * factor, years)


def _logs(values: Mapping[date, float], month: date, shift: int) -> list[float]:
    """Return the logarithms of the ratios of a month, or a neighbouring one, in earlier years."""
    months = [months_before(month, 12 * year - shift) for year in range(1, _MOST_YEARS + 1)]
    return [
        log(values[index] / base)
        for index in months
        if values.get(index, 0) > 0 and (base := _level(values, index))
    ]


def _level(values: Mapping[date, float], month: date) -> float | None:
    earlier = [values[index] for n in range(1, 13) if (index := months_before(month, n)) in values]
    return median(earlier) if len(earlier) >= _LEAST_MONTHS else None


def is_unusual(
    values: Mapping[date, float], month: date, deviations: float, falls: bool = False
) -> bool | None:
    """Tell whether a month's figure is worse than the season says; None where nothing is known."""
    season = expected(values, month, deviations)
    if season is None or month not in values:
        return None
    return values[month] < season.low if falls else values[month] > season.high


def back_test(
    values: Mapping[date, float],
    last: date,
    deviations: float,
    falls: bool = False,
    confirmed: Collection[date] | None = None,
    months: int = 24,
) -> BackTest:
    """Return when the rule would have rung in the months up to one, each by those before it."""
    span = [months_before(last, n) for n in range(months - 1, -1, -1)]
    verdicts = {month: is_unusual(values, month, deviations, falls) for month in span}
    rung = tuple(month for month, rings in verdicts.items() if rings)
    right = None if confirmed is None else sum(month in confirmed for month in rung)
    return BackTest(sum(item is not None for item in verdicts.values()), rung, right)
