"""Filings, headcounts and employers as they were known at a moment, ready for the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import EmployerRecord, WarningBatch
from bot.warning.batches import live
from bot.warning.employment import Employment, employment
from bot.warning.filings import Cleaned, Days, Filings, clean, read_filings
from bot.warning.leaver_rule import Headcounts
from bot.warning.months import month_number
from bot.warning.rule_figures import LeaverRule

_CHUNK = 4_000


@dataclass(frozen=True)
class EmployerEntry:
    """An employer as the newest register lists it."""

    name: str
    district: str
    industry: str
    parent: str | None


@dataclass(frozen=True)
class Survey:
    """Data known at a moment, of firms by code."""

    firms: tuple[str, ...]
    """Credit codes."""
    names: tuple[str, ...]
    districts: tuple[str, ...]
    industries: tuple[str, ...]
    cleaned: Cleaned
    employed: Employment
    headcounts: Headcounts
    today: date
    """The day of the moment: look-aheads have run up to it."""


def read_survey(
    db: Session,
    rule: LeaverRule,
    reasons: Mapping[str, Sequence[bool]],
    as_of: datetime | None = None,
) -> Survey:
    """Read what was known at a moment (default: now)."""
    moment = as_of or clock.now()
    employers = read_employers(db, moment)
    filings = read_filings(db, reasons, moment)
    headcount_rows = _headcount_rows(db, moment)
    firms = {uscc: index for index, uscc in enumerate(filings.firms)}
    for uscc in headcount_rows[0]:
        firms.setdefault(uscc, len(firms))
    places = (*filings.districts, *("",) * (len(firms) - len(filings.firms)))
    return _survey(
        replace(filings, firms=tuple(firms), districts=places), _headcounts(headcount_rows, firms),
        employers, rule, moment.astimezone(clock.CHINA).date(),
    )  # fmt: skip


def _survey(
    filings: Filings,
    headcounts: Headcounts,
    employers: Mapping[str, EmployerEntry],
    rule: LeaverRule,
    today: date,
) -> Survey:
    cleaned = clean(filings)
    listed = [employers.get(uscc) for uscc in filings.firms]
    pairs = list(zip(listed, filings.firms, strict=True))
    return Survey(
        filings.firms,
        tuple(item.name if item else uscc for item, uscc in pairs),
        tuple(
            item.district if item else place
            for item, place in zip(listed, filings.districts, strict=True)
        ),
        tuple(item.industry if item else "" for item in listed),
        cleaned, employment(cleaned.filings, rule.look_ahead_days), headcounts, today,
    )  # fmt: skip


def by_parent(survey: Survey, employers: Mapping[str, EmployerEntry], rule: LeaverRule) -> Survey:
    """Return groups of firms with one parent as firms; those without branches are left out.

    Who moves from a branch to another is no leaver of the group.
    """
    parents = [_root(uscc, employers) for uscc in survey.firms]
    members: dict[str, int] = {}
    for item in parents:
        members[item] = members.get(item, 0) + 1
    shared = dict.fromkeys(item for item in parents if members[item] > 1)
    groups = {item: index for index, item in enumerate(shared)}
    code = np.array([groups.get(item, -1) for item in parents], np.int32)
    filings = survey.cleaned.filings
    rows = np.flatnonzero(code[filings.firm] >= 0)
    places = dict(zip(reversed(parents), reversed(survey.districts), strict=True))
    joined = replace(
        filings.select_rows(rows), firms=tuple(groups), firm=code[filings.firm[rows]],
        districts=tuple(places[item] for item in groups),
    )  # fmt: skip
    return _survey(joined, _added(survey.headcounts, code), employers, rule, survey.today)


def _root(uscc: str, employers: Mapping[str, EmployerEntry]) -> str:
    """Return the company above all others of a firm; of a ring of parents the first met again."""
    visited = {uscc}
    while (item := employers.get(uscc)) and item.parent and item.parent not in visited:
        uscc = item.parent
        visited.add(uscc)
    return uscc


def _added(headcounts: Headcounts, code: Days) -> Headcounts:
    """Return headcounts of groups: those of their firms added up by month."""
    firm = code[headcounts.firm]
    inside = firm >= 0
    key = firm[inside].astype(np.int64) * 100_000 + headcounts.month[inside]
    keys, place = np.unique(key, return_inverse=True)
    insured = np.bincount(place, headcounts.insured[inside], len(keys)).astype(np.int32)
    return Headcounts(
        (keys // 100_000).astype(np.int32), (keys % 100_000).astype(np.int32), insured
    )


def read_employers(db: Session, as_of: datetime | None = None) -> dict[str, EmployerEntry]:
    """Return the employers listed at a moment by credit code; the newest batch counts."""
    columns = (
        EmployerRecord.uscc, EmployerRecord.name, EmployerRecord.district, EmployerRecord.industry,
        EmployerRecord.parent,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(WarningBatch, WarningBatch.id == EmployerRecord.batch_id)
        .where(live(as_of))
        .order_by(EmployerRecord.batch_id, EmployerRecord.row)
    )
    return {row[0]: EmployerEntry(*row[1:]) for row in db.execute(query)}


def _headcount_rows(db: Session, as_of: datetime) -> tuple[list[str], list[Any], list[int]]:
    """Return firm, month and insured of all headcounts, in the order in which they came."""
    usccs: list[str] = []
    months: list[Any] = []
    insured: list[int] = []
    query = text("select uscc, month, insured from headcounts where batch_id = :batch order by row")
    kind = (WarningBatch.kind == "headcounts", live(as_of))
    for batch in list(db.scalars(select(WarningBatch.id).where(*kind).order_by(WarningBatch.id))):
        result = db.execute(query, {"batch": batch}, execution_options={"yield_per": _CHUNK})
        for rows in result.partitions(_CHUNK):
            for uscc, month, count in rows:
                usccs.append(uscc)
                months.append(month)
                insured.append(count)
    return usccs, months, insured


def _headcounts(
    headcount_rows: tuple[list[str], list[Any], list[int]], firms: Mapping[str, int]
) -> Headcounts:
    """Return headcounts ordered by firm and month; of one month the latest row counts."""
    usccs, months, insured = headcount_rows
    by_month = {m: month_number(date.fromisoformat(str(m))) for m in set(months)}
    firm = np.array([firms[item] for item in usccs], np.int32)
    month = np.array([by_month[item] for item in months], np.int32)
    order = np.lexsort((np.arange(len(firm)), month, firm))
    firm, month, count = firm[order], month[order], np.array(insured, np.int32)[order]
    last = np.ones(len(firm), np.bool_)
    if len(firm):
        last[:-1] = (firm[1:] != firm[:-1]) | (month[1:] != month[:-1])
    return Headcounts(firm[last], month[last], count[last])
