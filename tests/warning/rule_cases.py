"""Filings as tests of the 10 % rule write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from bot.warning.employment import Employment, employment
from bot.warning.filings import END, HIRE, RENEW, REVOKE, Cleaned, Filings, clean, day_number
from bot.warning.leaver_rule import Crossings, Headcounts, crossings
from bot.warning.months import month_number
from bot.warning.rule_figures import LeaverRule, read_rule
from tests.warning.brute_force import Row

KINDS = {"hire": HIRE, "renew": RENEW, "end": END, "revoke": REVOKE}
RULE: LeaverRule = read_rule()[0].rule
NO_HEADCOUNTS: dict[tuple[int, date], int] = {}


def filings_of(rows: Sequence[Row], firms: int | None = None) -> Filings:
    numbers = {number: at for at, number in enumerate(dict.fromkeys(row[0] for row in rows))}
    count = firms or max((row[1] for row in rows), default=-1) + 1
    return Filings(
        tuple(f"firm{n}" for n in range(count)), ("210106",) * count,
        np.array([numbers[row[0]] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int32), np.array([row[2] for row in rows], np.int64),
        np.array([KINDS[row[3]] for row in rows], np.int8),
        np.array([day_number(row[4]) for row in rows], np.int32),
        np.array([day_number(row[5]) for row in rows], np.int32),
        np.array([row[6] for row in rows], np.bool_), np.array([row[7] for row in rows], np.bool_),
    )  # fmt: skip


def headcounts_of(insured: dict[tuple[int, date], int]) -> Headcounts:
    listed = sorted(insured.items())
    return Headcounts(
        np.array([firm for (firm, _), _ in listed], np.int32),
        np.array([month_number(month) for (_, month), _ in listed], np.int32),
        np.array([count for _, count in listed], np.int32),
    )


def worked_out(rows: Sequence[Row], rule: LeaverRule = RULE) -> tuple[Cleaned, Employment]:
    cleaned = clean(filings_of(rows))
    return cleaned, employment(cleaned.filings, rule.look_ahead_days)


def found(
    rows: Sequence[Row],
    first: date,
    last: date,
    *,
    today: date = date(2030, 1, 1),
    insured: dict[tuple[int, date], int] = NO_HEADCOUNTS,
    rule: LeaverRule = RULE,
) -> Crossings:
    cleaned, employed = worked_out(rows, rule)
    firms = len(cleaned.filings.firms)
    return crossings(rule, employed, headcounts_of(insured), firms, first, last, today)  # fmt: skip


class Staff:
    """Writes filings of one firm after another, with numbers of their own."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def file(
        self,
        kind: str,
        persons: Iterable[int],
        day: date,
        *,
        firm: int = 0,
        filed: date | None = None,
        counts: bool = True,
        by_employer: bool = True,
    ) -> Staff:
        for person in persons:
            number = f"N{len(self.rows)}"
            self.rows.append((number, firm, person, kind, day, filed or day, counts, by_employer))
        return self  # fmt: skip
