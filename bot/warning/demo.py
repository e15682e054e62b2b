"""Demo data of two years with planted events, so that every rule can be seen; made by a seed.

It shows no real person: firms are numbered, persons are random codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from bot import clock
from bot.warning import batches
from bot.warning.delivered import Delivered, Values
from bot.warning.identity import with_check
from bot.warning.months import last_day, months_before
from bot.warning.sheet_rows import Kind

#: Two districts each of Shenyang and Anshan, one each of Dalian and Tieling.
DISTRICTS = ("210104", "210106", "210303", "210304", "210204", "211202")
#: The district with an office that delivers the last months late, and by how many months.
LATE_DISTRICT, LATE_MONTHS, LATE_BY = "211202", 3, 2
#: The district with an inflow that jumps in the last two months.
JUMP_DISTRICT = "210106"
_INDUSTRIES = ("C35", "C13", "F51", "H62", "I65", "O80")
_SEASONAL = "E47"
_DISPATCH = "L7263"
_MONTHS = 24
#: Months of the counts of registered unemployed, so that seasons can be compared.
_COUNTED = 60
#: Who leaves a firm in a month, of a hundred, and is replaced.
_TURNOVER = 0.02


@dataclass(frozen=True)
class Planted:
    """An event that was put in on purpose."""

    kind: str
    """closing, seasonal, transfer, late, renewal, silent or dispatch."""
    uscc: str
    day: date
    """The day on which the rule is met, or the first day of the month in which it shows."""
    strong: bool


@dataclass
class _Firm:
    """A firm while its filings are written."""

    uscc: str
    name: str
    district: str
    industry: str
    staff: list[int] = field(default_factory=list)


@dataclass
class WarningDemo:
    """Everything that offices deliver in two years, by the month in which it becomes known."""

    employers: list[Values] = field(default_factory=list)
    filings: dict[date, list[Values]] = field(default_factory=dict)
    headcounts: dict[date, list[Values]] = field(default_factory=dict)
    counts: dict[date, list[Values]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)

    def apply(self, db: Session, staff: str = "演示") -> None:
        """Apply all of it, each month on the third of the next one."""
        first = min(self.filings)
        self._batch(db, "employers", self.employers, first, staff)
        for month in sorted(self.filings):
            self._batch(db, "filings", self.filings[month], month, staff)
            self._batch(db, "headcounts", self.headcounts.get(month, []), month, staff)
            self._batch(db, "counts", self.counts.get(month, []), month, staff)

    def _batch(self, db: Session, kind: Kind, rows: list[Values], month: date, staff: str) -> None:
        if not rows:
            return
        numbered = [{"row": number, **row} for number, row in enumerate(rows, 1)]
        covered = {(r["district"], _month(r)) for r in rows} if kind != "employers" else set()
        name = f"演示-{kind}-{month:%Y%m}"
        delivered = Delivered(kind, name, name, numbered, covered=covered)
        batches.apply(db, delivered, staff, as_of=known_on(month))


def _month(row: Values) -> date:
    day: date = row.get("month") or row["filed_on"]
    return day.replace(day=1)


def known_on(month: date) -> datetime:
    """Return when the files of a month are applied: in the morning of the third of the next."""
    return datetime.combine(last_day(month) + timedelta(days=3), time(9), clock.CHINA)


def make(end: date, seed: int = 1, firms: int = 240) -> WarningDemo:
    """Return two years of data up to the month that begins on `end`."""
    return _FilingWriter(end, np.random.default_rng(seed)).written(firms)


class _FilingWriter:
    """Writes filings month by month."""

    def __init__(self, end: date, rng: np.random.Generator) -> None:
        self._rng, self._end = rng, end
        self._begin = months_before(end, _MONTHS - 1)
        self._demo = WarningDemo()
        self._number = 0

    def written(self, count: int) -> WarningDemo:
        firms = [self._firm(number) for number in range(count)]
        seasonal = [self._firm(count + n, _SEASONAL, "210304", 60) for n in range(8)]
        special = [
            self._firm(count + 10 + n, industry, district, size)
            for n, (industry, district, size) in enumerate(
                (("C35", "210106", 240), ("C13", "210303", 150), ("C13", "210303", 0),
                 ("F51", LATE_DISTRICT, 120), ("C35", "210104", 100), ("I65", "210204", 80),
                 (_DISPATCH, "210104", 200))
            )
        ]  # fmt: skip
        for number in range(_MONTHS):
            month = months_before(self._begin, -number)
            stopped = month >= months_before(self._end, 1)
            for firm in [*firms, special[4], *(() if stopped else (special[5],))]:
                self._turnover(firm, month)
            for firm in seasonal:
                self._season(firm, month)
            self._special(special, month)
            self._headcounts([*firms, *seasonal, *special], month, special[5])
        self._counts()
        return self._demo

    def _firm(
        self, number: int, industry: str = "", district: str = "", size: int | None = None
    ) -> _Firm:
        """Make a firm with employees filed in the months before the two years."""
        if size is None:
            size = int(np.clip(self._rng.lognormal(3.2, 1.0), 4, 900))
        firm = _Firm(
            with_check(f"91210000MA{number:07d}"), f"演示企业{number:03d}",
            district or DISTRICTS[number % len(DISTRICTS)],
            industry or _INDUSTRIES[number % len(_INDUSTRIES)],
        )  # fmt: skip
        self._demo.employers.append(
            {"uscc": firm.uscc, "name": firm.name, "district": firm.district,
             "industry": firm.industry, "parent": None}
        )  # fmt: skip
        self._hire(firm, size, self._begin - timedelta(days=20), self._begin)
        return firm

    def _file(
        self, firm: _Firm, person: int, kind: str, day: date, delivered_in: date, reason: str = ""
    ) -> None:
        self._number += 1
        if firm.district == LATE_DISTRICT and months_before(delivered_in, -LATE_MONTHS) > self._end:
            delivered_in = months_before(delivered_in, -LATE_BY)
        self._demo.filings.setdefault(delivered_in.replace(day=1), []).append(
            {"filing_no": f"D{self._number:08d}", "uscc": firm.uscc, "user_uscc": None,
             "person": person, "kind": kind, "effective_on": day, "filed_on": day,
             "reason": reason, "district": firm.district}
        )  # fmt: skip

    def _hire(self, firm: _Firm, count: int, day: date, delivered_in: date) -> None:
        for person in self._rng.integers(1, 2**62, count).tolist():
            firm.staff.append(person)
            self._file(firm, person, "hire", day, delivered_in)

    def _end_of(self, firm: _Firm, persons: Sequence[int], day: date, reason: str) -> None:
        leavers = set(persons)
        firm.staff = [item for item in firm.staff if item not in leavers]
        for person in persons:
            self._file(firm, person, "end", day, day.replace(day=1), reason)

    def _turnover(self, firm: _Firm, month: date) -> None:
        """Let some leave on days of their own, and hire as many."""
        leavers = [item for item in firm.staff if self._rng.random() < _TURNOVER]
        for person in leavers:
            self._end_of(firm, [person], self._day(month), "resigned")
        for _ in leavers:
            self._hire(firm, 1, self._day(month), month)

    def _day(self, month: date) -> date:
        return month + timedelta(days=int(self._rng.integers(0, last_day(month).day)))

    def _season(self, firm: _Firm, month: date) -> None:
        """Building sites: a third leaves in November and is hired again in March."""
        if month.month == 11:
            day = month + timedelta(days=14)
            self._end_of(firm, firm.staff[: len(firm.staff) // 3], day, "expired")
            if month >= months_before(self._end, 11):
                self._plant("seasonal", firm, day, strong=False)
        elif month.month == 3:
            self._hire(firm, 60 - len(firm.staff), self._day(month), month)
        else:
            self._turnover(firm, month)

    def _plant(self, kind: str, firm: _Firm, day: date, strong: bool) -> None:
        self._demo.planted.append(Planted(kind, firm.uscc, day, strong))

    def _special(self, firms: Sequence[_Firm], month: date) -> None:
        """Write the planted events: each in its month before the end."""
        closing, moved, heir, late, renewed, silent, agency = firms
        months_left = {months_before(self._end, n): n for n in range(12)}.get(month)
        if months_left == 6:
            day = last_day(month)
            self._end_of(closing, closing.staff[:21], day - timedelta(days=3), "layoff")
            next_day = day + timedelta(days=2)
            self._end_of(closing, closing.staff[:22], next_day, "layoff")
            self._plant("closing", closing, next_day, strong=True)
        elif months_left == 5:
            self._end_of(closing, closing.staff[:60], last_day(month), "closed")
        elif months_left == 8:
            day = month + timedelta(days=9)
            for person in list(moved.staff):
                self._end_of(moved, [person], day, "agreed_by_employer")
                heir.staff.append(person)
                self._file(heir, person, "hire", day + timedelta(days=1), month)
            self._plant("transfer", moved, day, strong=True)
        elif months_left == 2:
            day = month + timedelta(days=11)
            self._end_of(late, late.staff[:30], day, "layoff")
            self._plant("late", late, day, strong=True)
        elif months_left == 7:
            self._renewal(renewed, month)
            self._end_of(agency, agency.staff[:90], month + timedelta(days=5), "expired")
            self._plant("dispatch", agency, month + timedelta(days=5), strong=False)
        elif months_left == 1:
            self._plant("silent", silent, month, strong=False)

    def _renewal(self, firm: _Firm, month: date) -> None:
        """End a third of a firm's contracts and renew them ten days later."""
        for person in firm.staff[: len(firm.staff) // 3]:
            self._file(firm, person, "end", month + timedelta(days=4), month, "expired")
            self._file(firm, person, "renew", month + timedelta(days=14), month)
        self._plant("renewal", firm, month + timedelta(days=4), strong=False)

    def _headcounts(self, firms: Sequence[_Firm], month: date, silent: _Firm) -> None:
        rows: list[Values] = [
            {
                "uscc": firm.uscc,
                "month": month,
                "insured": len(firm.staff),
                "district": firm.district,
            }
            for firm in firms
            if firm.staff and not (firm is silent and month >= months_before(self._end, 1))
        ]
        self._demo.headcounts[month] = rows

    def _counts(self) -> None:
        """Write registered unemployed by month and district: seasons, and one jump at the end.

        Months before the two years are delivered with the first of them.
        """
        stock = {d: 800 + 150 * n for n, d in enumerate(DISTRICTS)}
        for number in range(_COUNTED - 1, -1, -1):
            month = months_before(self._end, number)
            for district in DISTRICTS:
                rows = self._counts_of(district, month, stock)
                self._demo.counts.setdefault(max(month, self._begin), []).extend(rows)

    def _counts_of(self, district: str, month: date, stock: dict[str, int]) -> Iterator[Values]:
        wave = 1 + 0.35 * float(np.cos(2 * np.pi * (month.month - 1) / 12))
        inflow = int(self._rng.poisson(60 * wave))
        outflow = int(self._rng.poisson(60 * (2 - wave)))
        if district == JUMP_DISTRICT and month >= months_before(self._end, 1):
            inflow += 260
        outflow = min(outflow, stock[district] + inflow)
        stock[district] += inflow - outflow
        values: dict[str, Any] = {
            "registered_unemployed": stock[district], "inflow": inflow, "outflow": outflow,
            "reemployed": outflow * 3 // 4, "labour_force": 40_000,
            "startup_loans": int(self._rng.poisson(12)), "disputes": int(self._rng.poisson(9)),
            "taxpayers": 5_000 + int(self._rng.integers(-50, 50)),
        }  # fmt: skip
        for measure, value in values.items():
            yield {"month": month, "district": district, "measure": measure, "value": value}
