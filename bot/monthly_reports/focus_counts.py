"""Size of the list of those who get help first, by area, kind and state of the plan: no person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.casework.focus import KINDS, plan_updated
from bot.casework.roles import NUMBERS, Staff
from bot.casework.scope import visible, within
from bot.db.tables import FocusEntry, Person, Plan
from bot.monthly_reports.area_table import area_table, digits_below

#: Of who is on the list, whether there is a plan and whether it was looked at this month.
PLANS = {"updated": "方案本月更新过", "stale": "有方案，本月没更新", "none": "还没有方案"}
STATES = {"proposed": "拟列入", "objected": "本人不同意", "ended": "结束"}
LISTED = "listed"
#: Kinds of which fewer than the sensitive limit are not shown.
_SENSITIVE = ("hardship", "relief")
COLUMNS = {**KINDS, LISTED: "在清单上", **PLANS, **STATES}


@dataclass(frozen=True)
class FocusCounts:
    """The list's size by area as texts, with the share of plans that were looked at this month."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of the area and its figures in the order of COLUMNS; the whole last."""
    rates: tuple[str, ...]
    """Of each row: plans of this month among those on the list, as a percentage or —."""


def focus_counts(db: Session, me: Staff, area: str, day: date) -> FocusCounts:
    """Return the list's size in the areas directly below one, audited.

    Raises NotPermitted, and DisclosureError when a hidden figure could be worked out.
    """
    me.need(NUMBERS, area)
    values = _values(db, me, area, digits_below(db, area), day)
    sums = [(LISTED, list(KINDS)), (LISTED, list(PLANS))]
    table = area_table(db, me, area, day, values, list(COLUMNS), sums, _SENSITIVE)
    return FocusCounts(table.rows(list(COLUMNS)), table.rates("updated", LISTED))


def _values(
    db: Session, me: Staff, area: str, digits: int, day: date
) -> Mapping[tuple[str, str], int]:
    """Return how many entries an area has by kind, by state of the plan, and by state."""
    place = func.substr(Person.region_code, 1, digits)
    plan = case((Plan.id.is_(None), "none"), (plan_updated(day), "updated"), else_="stale")
    query = (
        select(place, FocusEntry.kind, FocusEntry.state, plan, func.count())
        .join(Person, Person.id == FocusEntry.person_id)
        .outerjoin(Plan, (Plan.person_id == Person.id) & (Plan.state != "closed"))
        .where(visible(me, Person, NUMBERS), within(Person.region_code, area))
        .group_by(place, FocusEntry.kind, FocusEntry.state, plan)
    )
    values: dict[tuple[str, str], int] = {}
    for code, kind, state, has_plan, count in db.execute(query):
        columns = (kind, LISTED, has_plan) if state == LISTED else (state,)
        for column in columns:
            values[code, column] = values.get((code, column), 0) + count
    return values
