"""Firms that met the 10 % rule as candidates: with arithmetic and marks, for a person to verify.

While persons of the evidence are still in the window, a firm raises another candidate only by
others: at least so many, and so large a share of its present base. A listed firm does so for ever
(bot.warning.cases).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bot.warning.filings import HIRE, Days, Flags, Ints, date_of, day_number
from bot.warning.grades import Usual, is_strong, usual
from bot.warning.leaver_rule import NO_BASE, Crossings, base_texts, crossings
from bot.warning.months import last_day, month_number
from bot.warning.rule_figures import LeaverRule
from bot.warning.survey import Survey
from bot.wording import wording

_SAY = wording("warning")


@dataclass(frozen=True)
class Candidate:
    """A firm that met the rule from a day on."""

    uscc: str
    name: str
    district: str
    industry: str
    day: date
    """The first day."""
    peak: date
    """Of the days until the next candidate, the one with the largest share; figures are its."""
    strong: bool
    leavers: int
    by_employer: int
    base: int
    base_kind: int
    usual_share: float | None
    """Usual share of leavers of a window; None where no earlier year is known."""
    pending: bool
    """待稳: persons taken on again within the look-ahead may still undo it."""
    year_to_date: bool
    small_base: bool
    sequence: int
    """0 for the first candidate of the firm, 1 for the next one…"""
    transfer_to: str | None
    """The firm that hired so many of the leavers that it may be a transfer as a whole."""
    persons: frozenset[int]
    """Codes of those who left in the window of the peak."""

    @property
    def grade(self) -> str:
        """Return strong or by_text."""
        return "strong" if self.strong else "by_text"


@dataclass(frozen=True)
class CandidateSet:
    """Candidates of some days, and firms without a ratio."""

    candidates: tuple[Candidate, ...]
    dispatch: Mapping[str, date]
    """Agencies of labour dispatch that met the rule by filings of their own, and the last day."""


def find(
    survey: Survey, rule: LeaverRule, dispatch_industries: Sequence[str], first: date, last: date
) -> CandidateSet:
    """Return the candidates with a first day between two days, in order of firms and days."""
    crossed = crossings(
        rule, survey.employed, survey.headcounts, len(survey.firms), first, last, survey.today
    )
    agency = np.array(
        [_digits(item) in dispatch_industries for item in survey.industries], np.bool_
    )
    own = agency[crossed.firm]
    dispatch = {
        survey.firms[int(crossed.firm[row])]: date_of(int(crossed.day[row]))
        for row in np.flatnonzero(own)
    }
    crossed = crossed.select_rows(np.flatnonzero(~own))
    if not len(crossed):
        return CandidateSet((), dispatch)
    usual_shares = usual(rule, survey.employed, crossed, survey.industries, survey.districts)
    strong = is_strong(rule, crossed, usual_shares)
    work = _CandidateSearch(survey, rule, crossed, usual_shares, strong, _targets(survey, rule))
    return CandidateSet(tuple(work.candidates()), dispatch)


def _digits(industry: str) -> str:
    return "".join(item for item in industry if item.isdigit())


def _targets(survey: Survey, rule: LeaverRule) -> Days:
    """Return for each loss the firm that hires the person next within some days, −1 for none."""
    filings, losses = survey.cleaned.filings, survey.employed.losses
    hires = filings.kind == HIRE
    both = np.concatenate((filings.person[hires], losses.person))
    place = np.unique(both, return_inverse=True)[1]
    count = int(hires.sum())
    width = 10**6
    hired_key = place[:count] * width + filings.effective[hires]
    order = np.argsort(hired_key, kind="stable")
    hired_key, hired_by = hired_key[order], filings.firm[hires][order]
    lost_key = place[count:] * width + losses.day
    index = np.searchsorted(hired_key, lost_key)
    inside = np.minimum(index, max(count - 1, 0))
    if not count:
        return np.full(len(losses.day), -1, np.int32)
    soon = (index < count) & (hired_key[inside] <= lost_key + rule.transfer_days)
    other = hired_by[inside] != losses.firm
    return np.where(soon & other, hired_by[inside], -1).astype(np.int32)


@dataclass(frozen=True)
class _CandidateSearch:
    """Material of the candidates: survey, crossings, shares."""

    survey: Survey
    rule: LeaverRule
    crossed: Crossings
    usual_shares: Usual
    strong: Flags
    targets: Days

    def candidates(self) -> Iterator[Candidate]:
        """Yield the candidates firm by firm."""
        firms, starts = np.unique(self.crossed.firm, return_index=True)
        ends = [*starts[1:].tolist(), len(self.crossed)]
        low = np.searchsorted(self.survey.employed.losses.firm, firms)
        high = np.searchsorted(self.survey.employed.losses.firm, firms, side="right")
        for index in range(len(firms)):
            rows = range(int(starts[index]), ends[index])
            yield from self._of_firm(rows, slice(int(low[index]), int(high[index])))

    def _of_firm(self, rows: range, losses: slice) -> Iterator[Candidate]:
        """Yield the candidates of a firm: rows of its crossings, and of its losses."""
        days = self.survey.employed.losses.day[losses]
        persons = self.survey.employed.losses.person[losses]
        lost_on = set(days.tolist())
        evidence: set[int] = set()
        begins: list[tuple[int, int, frozenset[int]]] = []
        for row in rows:
            day = int(self.crossed.day[row])
            fresh = row == rows.start or int(self.crossed.day[row - 1]) != day - 1
            if not fresh and day not in lost_on:
                continue
            window = (days > day - self.rule.window_days) & (days <= day)
            lost = frozenset(persons[window].tolist())
            if not lost & evidence:
                evidence = set(lost)
                begins.append((row, 0, lost))
            elif len(lost - evidence) >= new_persons(self.rule, int(self.crossed.base[row])):
                evidence |= lost
                begins.append((row, begins[-1][1] + 1, lost))
        for number, (row, sequence, lost) in enumerate(begins):
            stop = begins[number + 1][0] if number + 1 < len(begins) else rows.stop
            yield self._candidate(row, stop, sequence, losses, lost)

    def _candidate(
        self, row: int, stop: int, sequence: int, losses: slice, first: frozenset[int]
    ) -> Candidate:
        crossed, survey = self.crossed, self.survey
        share = crossed.leavers[row:stop] / np.maximum(crossed.base[row:stop], 1)
        peak = row + int(np.argmax(share))
        firm, day = int(crossed.firm[row]), int(crossed.day[peak])
        days = survey.employed.losses.day[losses]
        window = (days > day - self.rule.window_days) & (days <= day)
        lost = survey.employed.losses.person[losses][window]
        base, kind = int(crossed.base[peak]), int(crossed.base_kind[peak])
        share_usual = float(self.usual_shares.share[peak])
        return Candidate(
            survey.firms[firm], survey.names[firm], survey.districts[firm], survey.industries[firm],
            date_of(int(crossed.day[row])), date_of(day), bool(self.strong[row:stop].any()),
            int(crossed.leavers[peak]), int(crossed.by_employer[peak]), base, kind,
            None if np.isnan(share_usual) else share_usual, bool(crossed.pending[row:stop].all()),
            bool(crossed.year_to_date[peak]), kind != NO_BASE and base < self.rule.small_base,
            sequence, self._transfer(lost, self.targets[losses][window]),
            frozenset(lost.tolist()) | first,
        )  # fmt: skip

    def _transfer(self, lost: Ints, targets: Days) -> str | None:
        """Return the firm that hired nearly all who left, if one did."""
        by_person = dict(zip(lost.tolist(), targets.tolist(), strict=True))
        hired: dict[int, int] = {}
        for item in by_person.values():
            hired[item] = hired.get(item, 0) + 1
        hired.pop(-1, None)
        best = max(hired, key=lambda item: (hired[item], -item), default=None)
        if best is None or 100 * hired[best] < self.rule.transfer_percent * len(by_person):
            return None
        return self.survey.firms[best]


def new_persons(rule: LeaverRule, base: int) -> int:
    """Return how many persons beyond the evidence make another candidate of a firm."""
    share = -(-rule.again_percent * base // 100)
    return max(rule.again_leavers, share)


def marks(candidate: Candidate) -> tuple[str, ...]:
    """Return what is to be minded of a candidate, in plain Chinese."""
    listed = (
        ("待稳", candidate.pending), ("小基数", candidate.small_base),
        ("无基数", candidate.base_kind == NO_BASE),
        (_SAY("mark_transfer"), candidate.transfer_to is not None),
        (_SAY("mark_no_earlier_year"), candidate.usual_share is None),
        (_SAY("mark_year_to_date"), candidate.year_to_date),
        (f"第{candidate.sequence + 1}次", candidate.sequence > 0),
    )  # fmt: skip
    return tuple(text for text, holds in listed if holds)


def arithmetic(candidate: Candidate, rule: LeaverRule) -> str:
    """Return the arithmetic of a candidate as it is shown to the analyst."""
    after = candidate.peak - timedelta(days=rule.window_days)
    begin = after + timedelta(days=1)
    window = _SAY(
        "window", begin=f"{begin:%Y-%m-%d}", end=f"{candidate.peak:%Y-%m-%d}", days=rule.window_days
    )
    lost = _SAY("leavers", leavers=candidate.leavers, by_employer=candidate.by_employer)
    if candidate.base_kind == NO_BASE:
        return _SAY(
            "arithmetic_without_base", window=window, leavers=lost, limit=rule.no_base_leavers
        )
    base = _SAY(
        "base_of_day",
        day=f"{after:%Y-%m-%d}",
        kind=base_texts()[candidate.base_kind],
        base=candidate.base,
    )
    leavers_side, base_side = 100 * candidate.leavers, rule.share_percent * candidate.base
    share = 100 * candidate.leavers / candidate.base
    worked = (
        f"100×{candidate.leavers}={leavers_side} ≥ "
        f"{rule.share_percent}×{candidate.base}={base_side}"
    )
    usual_shares = _SAY("no_usual_share")
    if candidate.usual_share is not None:
        usual_shares = _SAY("usual_share", percent=f"{100 * candidate.usual_share:.1f}")
    return _SAY(
        "arithmetic",
        window=window,
        leavers=lost,
        base=base,
        sum=worked,
        percent=f"{share:.1f}",
        usual=usual_shares,
    )


def silent_firms(survey: Survey, month: date, delivered: frozenset[str]) -> tuple[str, ...]:
    """Return firms with a headcount in the month before, none in a month and no filing: 失联企业.

    Only firms of districts that have delivered the month: elsewhere silence means nothing.
    """
    number = month_number(month)
    counts = survey.headcounts
    last_month = set(counts.firm[(counts.month == number - 1) & (counts.insured > 0)].tolist())
    this_month = set(counts.firm[counts.month == number].tolist())
    filings = survey.cleaned.filings
    begin, end = day_number(month), day_number(last_day(month))
    filed = filings.firm[(filings.effective >= begin) & (filings.effective <= end)]
    quiet = sorted(last_month - this_month - set(filed.tolist()))
    silent = (item for item in quiet if survey.districts[item] in delivered)
    return tuple(survey.firms[item] for item in silent)
