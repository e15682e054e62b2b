"""Two grades of a crossing: by the text alone, or strong against what is usual.

What is usual is the share that the firms of the same industry and district lost in the windows that
ended on the same day of earlier years; of the city, then of the province where too few worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from bot.warning.employment import Employment, counted_until
from bot.warning.filings import Days, Flags, date_of, day_number
from bot.warning.leaver_rule import NO_BASE, Crossings
from bot.warning.rule_figures import LeaverRule

Floats = npt.NDArray[np.float64]
#: Terms of a binomial tail are added until they are so small a part of the first.
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Usual:
    """The usual share of leavers of each crossing, NaN where nothing is known of earlier years."""

    share: Floats
    level: npt.NDArray[np.int8]
    """0 industry and district, 1 industry and city, 2 industry, −1 unknown."""


def industry_group(code: str) -> str:
    """Return the part of an industry's code that firms are compared by: two digits (C35 → 35)."""
    digits = "".join(item for item in code if item.isdigit())
    return digits[:2]


def usual(
    rule: LeaverRule,
    employed: Employment,
    crossed: Crossings,
    industries: Sequence[str],
    districts: Sequence[str],
) -> Usual:
    """Return what is usual for each crossing; industry and district are those of each firm."""
    shares = np.full(len(crossed), np.nan)
    levels = np.full(len(crossed), -1, np.int8)
    groups = [industry_group(item) for item in industries]
    for level, digits in ((0, 6), (1, 4), (2, 2)):
        open_rows = np.flatnonzero(levels < 0)
        if not len(open_rows):
            break
        keys = [f"{g}·{d[:digits]}" for g, d in zip(groups, districts, strict=True)]
        lost, base = _earlier(rule, employed, crossed.select_rows(open_rows), keys)
        enough = base >= rule.usual_base
        rows = open_rows[enough]
        # Half a person more: what never happened in few years is rare, not impossible.
        shares[rows] = (lost[enough] + 0.5) / (base[enough] + 1)
        levels[rows] = level
    return Usual(shares, levels)


def _earlier(
    rule: LeaverRule, employed: Employment, crossed: Crossings, keys: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return leavers and base of each crossing's group in the same windows of earlier years."""
    names = {name: index for index, name in enumerate(dict.fromkeys(keys))}
    group = np.array([names[item] for item in keys], np.int32)
    first, last = int(crossed.day.min()), int(crossed.day.max())
    begin = _years_before(first, rule.usual_years) - rule.window_days
    group_ids = np.unique(group[crossed.firm])
    place = np.full(len(names), -1, np.int32)
    place[group_ids] = np.arange(len(group_ids))
    losses = employed.losses
    until = counted_until(losses, rule.window_days)
    spans = _group_sums(
        place[group[np.tile(losses.firm, 2)]], np.concatenate((losses.day, until)),
        np.repeat(np.array([1, -1]), len(until)), len(group_ids), begin, last,
    )  # fmt: skip
    employees = _group_sums(
        place[group[employed.step_firm]],
        employed.step_day,
        employed.step,
        len(group_ids),
        begin,
        last,
    )
    row = place[group[crossed.firm]]
    lost, base = np.zeros(len(crossed)), np.zeros(len(crossed))
    days, inverse = np.unique(crossed.day, return_inverse=True)
    for years in range(1, rule.usual_years + 1):
        same = np.array([_years_before(int(day), years) for day in days])[inverse]
        lost += spans[row, same - begin]
        base += employees[row, same - begin - rule.window_days]
    return lost, base


def _group_sums(
    row: Days, day: Days, change: npt.NDArray[np.integer], rows: int, first: int, last: int
) -> npt.NDArray[np.int64]:
    """Return what changes add up to by group at the end of each day; rows below 0 are left out."""
    width = last - first + 2
    inside = row >= 0
    column = np.clip(day[inside] - first, 0, width - 1)
    flat = row[inside].astype(np.int64) * width + column
    grid = np.bincount(flat, change[inside], rows * width).reshape(rows, width)
    return np.cumsum(grid, axis=1)[:, :-1].astype(np.int64)


def _years_before(day: int, years: int) -> int:
    """Return the same day some years before; of 29 February the 28th."""
    then = date_of(day)
    try:
        return day_number(then.replace(year=then.year - years))
    except ValueError:
        return day_number(date(then.year - years, 2, 28))


def is_strong(rule: LeaverRule, crossed: Crossings, usual_shares: Usual) -> Flags:
    """Tell of each crossing whether so many leavers are improbable by what is usual."""
    strong = np.zeros(len(crossed), np.bool_)
    rows = np.flatnonzero(
        (crossed.leavers >= rule.strong_leavers)
        & (crossed.base_kind != NO_BASE)
        & ~np.isnan(usual_shares.share)
    )
    chance = tail(crossed.leavers[rows], crossed.base[rows], usual_shares.share[rows])
    strong[rows] = chance < rule.strong_permille / 1000
    return strong


def tail(leavers: npt.NDArray[np.integer], base: npt.NDArray[np.integer], share: Floats) -> Floats:
    """Return P(X ≥ leavers) of binomial X with `base` trials of probability `share`.

    Exact where it is small; at and below the mean it is 1, which is enough to tell what is rare.
    """
    chance = np.ones(len(leavers))
    over = leavers > base
    chance[over] = 0.0  # more left than there were: hired within the window
    rows = np.flatnonzero(~over & (leavers > base * share) & (leavers > 0))
    if not len(rows):
        return chance
    count, trials, p = leavers[rows].astype(np.int64), base[rows].astype(np.int64), share[rows]
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, trials.max() + 1)))))
    first = logs[trials] - logs[count] - logs[trials - count]
    first += count * np.log(p) + (trials - count) * np.log1p(-p)
    total: Floats = np.ones(len(rows))
    term: Floats = np.ones(len(rows))
    index: Floats = count.astype(np.float64)
    odds = p / (1 - p)
    while True:
        term = term * (trials - index) / (index + 1) * odds
        total += term
        index += 1
        if not np.any(term > _SMALLEST * total):
            break
    chance[rows] = np.minimum(1.0, np.exp(first) * total)
    return chance
