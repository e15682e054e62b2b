"""The 10 % rule written down once more, plainly: person by person, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.warning.rule_figures import LeaverRule

Row = tuple[str, int, int, str, date, date, bool, bool]
"""Filing number, firm, person, kind, effective, filed, counts, by employer; in order of arrival."""


@dataclass(frozen=True)
class Verdict:
    leavers: int
    by_employer: int
    base: int
    kind: int
    pending: bool
    year_to_date: bool


class BruteForce:
    def __init__(
        self,
        rule: LeaverRule,
        rows: Sequence[Row],
        insured: dict[tuple[int, date], int],
        today: date,
    ) -> None:
        self.rule, self.insured, self.today = rule, insured, today
        by_number: dict[str, tuple[int, Row]] = {}
        for at, row in enumerate(rows):
            by_number[row[0]] = (at, row)
        by_key: dict[tuple[int, int, str, date], tuple[int, Row]] = {}
        for at, row in sorted(by_number.values()):
            if row[3] != "revoke":
                by_key[row[1], row[2], row[3], row[4]] = (at, row)
        self.filings = [(row[4], row[5], at, row) for at, row in by_key.values()]
        self.filings.sort(key=lambda one: one[:3])

    def _of(self, firm: int, person: int) -> list[Row]:
        return [row for *_, row in self.filings if row[1] == firm and row[2] == person]

    def _persons(self, firm: int) -> set[int]:
        return {row[2] for *_, row in self.filings if row[1] == firm}

    def losses(self, firm: int, person: int) -> list[tuple[date, bool]]:
        found, mine = [], self._of(firm, person)
        for at, row in enumerate(mine):
            if row[3] != "end" or (at and mine[at - 1][3] == "end"):
                continue
            back = any(
                later[3] in ("hire", "renew")
                and later[4] - row[4] <= timedelta(days=self.rule.look_ahead_days)
                for later in mine[at + 1 :]
            )
            if row[6] and not back:
                found.append((row[4], row[7]))
        return found

    def employed(self, firm: int, day: date) -> int:
        count = 0
        for person in self._persons(firm):
            before = [row for row in self._of(firm, person) if row[4] <= day]
            count += bool(before) and before[-1][3] in ("hire", "renew")
        return count

    def base(self, firm: int, day: date) -> tuple[int, int]:
        filed = self.employed(firm, day)
        fresh = any(
            row[1] == firm and row[4] <= day and (day - row[4]).days < self.rule.base_age_days
            for *_, row in self.filings
        )
        months = [m for (f, m) in self.insured if f == firm and m <= day.replace(day=1)]
        insured = None
        if months:
            latest = max(months)
            end = (latest + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            if (day - end).days < self.rule.base_age_days:
                insured = self.insured[firm, latest]
        base, kind = filed, 0
        if insured is not None and 100 * filed < self.rule.filings_share_percent * insured:
            base, kind = insured, 1
        return (base, 2) if base == 0 or not (fresh or insured is not None) else (base, kind)

    def _met(self, leavers: int, base: int, kind: int) -> bool:
        if not leavers:
            return False
        return (
            leavers >= self.rule.no_base_leavers
            if kind == 2
            else 100 * leavers >= self.rule.share_percent * base
        )

    def _lost(
        self, firm: int, after: date, to: date, latest: date | None = None, employer: bool = False
    ) -> int:
        return sum(
            any(
                after < day <= to and (latest is None or day <= latest) and (own or not employer)
                for day, own in self.losses(firm, person)
            )
            for person in self._persons(firm)
        )

    def verdict(self, firm: int, day: date) -> Verdict | None:
        before = day - timedelta(days=self.rule.window_days)
        base, kind = self.base(firm, before)
        leavers = self._lost(firm, before, day)
        if not self._met(leavers, base, kind):
            return None
        settled = self._lost(
            firm, before, day, self.today - timedelta(days=self.rule.look_ahead_days)
        )
        eve = date(day.year - 1, 12, 31)
        return Verdict(
            leavers,
            self._lost(firm, before, day, employer=True),
            base,
            kind,
            not self._met(settled, base, kind),
            self._met(self._lost(firm, eve, day), *self.base(firm, eve)),
        )
