"""The 10 % rule for every firm and day: leavers of a window against the base before it.

All tests are in whole numbers. Firms are taken some thousands at a time, so that a year of days of
60,000 firms needs little memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.warning.employment import Employment, Losses, counted_until
from bot.warning.filings import Days, Flags, date_of, day_number
from bot.warning.months import last_day, month_number, month_of
from bot.warning.rule_figures import LeaverRule

Grid = npt.NDArray[np.int32]
#: Firms of one pass.
_FIRMS = 2048
#: What the base rests on.
BY_FILINGS, BY_INSURED, NO_BASE = range(3)
_NEVER = np.int32(-(10**6))


@dataclass(frozen=True)
class Headcounts:
    """Insured persons by firm and month, as rows of equally long arrays."""

    firm: Days
    month: Days
    """Months since year 0: 12 · year + month − 1."""
    insured: Days


@dataclass(frozen=True)
class Crossings:
    """Firm and day of every test that was met, as rows of equally long arrays."""

    firm: Days
    day: Days
    leavers: Days
    by_employer: Days
    """Of the leavers, those that the employer let go."""
    base: Days
    base_kind: npt.NDArray[np.int8]
    """BY_FILINGS, BY_INSURED or NO_BASE."""
    pending: Flags
    """待稳: not met without those that the firm may still take on again."""
    year_to_date: Flags
    """Whether the test is met for the calendar year so far as well."""

    def __len__(self) -> int:
        return len(self.firm)

    def select_rows(self, rows: npt.NDArray[Any]) -> Crossings:
        """Return some rows."""
        return Crossings(*(getattr(self, item.name)[rows] for item in fields(self)))


@dataclass(frozen=True)
class _Span:
    """Days for which the test is made, and the day up to which the look-ahead has run."""

    first: int
    last: int
    settled: int

    @property
    def days(self) -> int:
        return self.last - self.first + 1


def crossings(
    rule: LeaverRule,
    employed: Employment,
    headcounts: Headcounts,
    firms: int,
    first: date,
    last: date,
    today: date,
) -> Crossings:
    """Return where firms met the rule from a day to a day as of `today`, ordered by firm, day."""
    settled = day_number(today) - rule.look_ahead_days
    span = _Span(day_number(first), day_number(last), settled)
    parts = []
    for start in range(0, firms, _FIRMS):
        block = _Block(rule, span, start, min(start + _FIRMS, firms))
        parts.append(block.crossings(employed, headcounts))
    return _joined(parts)


def _joined(parts: list[Crossings]) -> Crossings:
    if not parts:
        parts = [Crossings(*(np.empty(0, np.int32) for _ in range(8)))]  # type: ignore[arg-type]
    columns = (np.concatenate([getattr(p, item.name) for p in parts]) for item in fields(Crossings))
    return Crossings(*columns)


@dataclass(frozen=True)
class _Block:
    """The grids of some firms (rows) and the days of a span (columns)."""

    rule: LeaverRule
    span: _Span
    start: int
    stop: int

    def crossings(self, employed: Employment, headcounts: Headcounts) -> Crossings:
        """Return where the firms of this block met the rule."""
        losses = employed.losses.select_rows(self._slice(employed.losses.firm))
        leavers = self._windows(losses)
        base_days = self.span.first - self.rule.window_days
        base, kind = self._base(employed, headcounts, base_days, self.span.days)
        crossed = self._is_crossed(leavers, base, kind)
        rows, columns = np.nonzero(crossed)
        settled = losses.select_rows(losses.day <= self.span.settled)
        pending = crossed & ~self._is_crossed(self._windows(settled), base, kind)
        by_employer = self._windows(losses.select_rows(losses.by_employer))
        year = self._year_to_date(losses, employed, headcounts)
        return Crossings(
            (rows + self.start).astype(np.int32), (columns + self.span.first).astype(np.int32),
            leavers[crossed], by_employer[crossed], base[crossed], kind[crossed],
            pending[crossed], year[crossed],
        )  # fmt: skip

    def _is_crossed(
        self, leavers: Grid, base: Grid, kind: npt.NDArray[np.int8]
    ) -> npt.NDArray[np.bool_]:
        """Return where leavers are enough: 100·L ≥ share·B, without a base so many persons."""
        by_share = 100 * leavers >= self.rule.share_percent * base
        enough = np.where(kind == NO_BASE, leavers >= self.rule.no_base_leavers, by_share)
        return enough & (leavers > 0)

    def _slice(self, firm: Days) -> slice:
        """Return which rows of an ordered column are firms of this block."""
        low, high = np.searchsorted(firm, (self.start, self.stop))
        return slice(int(low), int(high))

    def _sums(self, firm: Days, day: Days, change: Days, first: int, days: int) -> Grid:
        """Return what changes add up to at the end of each day; those before the first count."""
        width = days + 1
        column = np.clip(day - first, 0, days)
        flat = (firm - self.start).astype(np.int64) * width + column
        size = (self.stop - self.start) * width
        grid = np.bincount(flat, change, size).astype(np.int32).reshape(-1, width)
        sums: Grid = np.cumsum(grid, axis=1, dtype=np.int32)[:, :days]
        return sums

    def _windows(self, losses: Losses) -> Grid:
        """Return distinct persons lost in the window that ends on each day."""
        until = counted_until(losses, self.rule.window_days)
        return self._spans(losses.firm, losses.day, until)

    def _spans(self, firm: Days, begin: Days, until: Days) -> Grid:
        both = np.concatenate((begin, until))
        change = np.repeat(np.array([1, -1], np.int32), len(firm))
        return self._sums(np.tile(firm, 2), both, change, self.span.first, self.span.days)

    def _base(
        self, employed: Employment, headcounts: Headcounts, first: int, days: int
    ) -> tuple[Grid, npt.NDArray[np.int8]]:
        """Return base and what it rests on at the end of each day from `first` on."""
        rows = self._slice(employed.step_firm)
        firm, day, step = employed.step_firm[rows], employed.step_day[rows], employed.step[rows]
        filed = self._sums(firm, day, step, first, days)
        fresh = self._fresh(employed, first, days)
        insured = self._insured(headcounts, first, days)
        covered = insured >= 0
        instead = covered & (100 * filed < self.rule.filings_share_percent * insured)
        base = np.where(instead, insured, filed).astype(np.int32)
        kind = np.where(instead, BY_INSURED, BY_FILINGS)
        kind = np.where(((~fresh & ~covered) | (base == 0)), NO_BASE, kind)
        return base, kind.astype(np.int8)

    def _fresh(self, employed: Employment, first: int, days: int) -> npt.NDArray[np.bool_]:
        """Return where the firm's latest filing is younger than the rule asks."""
        rows = self._slice(employed.filing_firm)
        firm, day = employed.filing_firm[rows] - self.start, employed.filing_day[rows]
        latest = np.full((self.stop - self.start, days), _NEVER, np.int32)
        early = day <= first
        np.maximum.at(latest[:, 0], firm[early], day[early])
        within = ~early & (day < first + days)
        latest[firm[within], day[within] - first] = day[within]
        np.maximum.accumulate(latest, axis=1, out=latest)
        fresh: npt.NDArray[np.bool_] = (
            np.arange(first, first + days, dtype=np.int32) - latest < self.rule.base_age_days
        )
        return fresh

    def _insured(self, headcounts: Headcounts, first: int, days: int) -> Grid:
        """Return the latest headcount that is young enough, −1 where there is none."""
        begin, end = month_number(date_of(first)) - 6, month_number(date_of(first + days - 1))
        months = np.arange(begin, end + 1)
        count = np.full((self.stop - self.start, len(months)), -1, np.int32)
        rows = self._slice(headcounts.firm)
        month = headcounts.month[rows]
        in_range = (month >= begin) & (month <= end)
        count[(headcounts.firm[rows] - self.start)[in_range], month[in_range] - begin] = (
            headcounts.insured[rows][in_range]
        )
        latest_index = np.where(count >= 0, np.arange(len(months)), -1)
        np.maximum.accumulate(latest_index, axis=1, out=latest_index)
        ends = np.array([day_number(last_day(month_of(item))) for item in range(begin, end + 1)])
        grid = np.full((self.stop - self.start, days), -1, np.int32)
        firm = np.arange(self.stop - self.start)
        for index in range(len(months)):
            begins = day_number(month_of(begin + index))
            low, high = max(first, begins), min(first + days - 1, int(ends[index]))
            if low > high:
                continue
            latest = latest_index[:, index]
            value = np.where(latest >= 0, count[firm, latest], -1)
            age = np.arange(low, high + 1) - ends[latest][:, None]
            young = (latest >= 0)[:, None] & (age < self.rule.base_age_days)
            grid[:, low - first : high - first + 1] = np.where(young, value[:, None], -1)
        return grid

    def _year_to_date(
        self, losses: Losses, employed: Employment, headcounts: Headcounts
    ) -> npt.NDArray[np.bool_]:
        """Return where the test is met for the calendar year up to each day."""
        crossed = np.zeros((self.stop - self.start, self.span.days), np.bool_)
        first, last = date_of(self.span.first), date_of(self.span.last)
        for year in range(first.year, last.year + 1):
            begin, end = day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
            low, high = max(begin, self.span.first), min(end, self.span.last)
            year_losses = losses.select_rows((losses.day >= begin) & (losses.day <= high))
            until = np.minimum(counted_until(year_losses, 400), end + 1)
            columns = slice(low - self.span.first, high - self.span.first + 1)
            leavers = self._spans(year_losses.firm, year_losses.day, until)[:, columns]
            base, kind = self._base(employed, headcounts, begin - 1, 1)
            crossed[:, columns] = self._is_crossed(leavers, base, kind)
        return crossed


def base_texts() -> Mapping[int, str]:
    """Return how a base is named to users."""
    return {BY_FILINGS: "备案人数", BY_INSURED: "参保人数", NO_BASE: "无基数"}
