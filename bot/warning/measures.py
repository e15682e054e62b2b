"""Measures of alerts and cases: what is to be done, by which office, until which working day.

They stand in a table of their own; bot.casework.warning_tasks makes a task of the console of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert, WarningCase, WarningMeasure
from bot.warning.errors import CaseStateError
from bot.warning.rule_figures import Response, region_prefix
from bot.wording import wording
from bot.workdays import day_of

_SAY = wording("warning")


@dataclass(frozen=True)
class OpenMeasure:
    """A measure that is to be done."""

    id: int
    measure: str
    office: str
    due_on: date | None
    about: str
    overdue: bool


def working_days_after(day: date, count: int) -> date:
    """Return the day some working days after another; the day itself does not count."""
    while count:
        day += timedelta(days=1)
        count -= not day_of(day).free
    return day


def open_measures(
    db: Session,
    responses: Sequence[Response],
    *,
    alert: Alert | None = None,
    case: WarningCase | None = None,
) -> None:
    """Open the measures of an alert or a case, with their clocks from today."""
    today, now = clock.today(), clock.now()
    for item in responses:
        due = None if item.days is None else working_days_after(today, item.days)
        db.add(
            WarningMeasure(
                alert_id=alert.id if alert else None, case_id=case.id if case else None,
                measure=item.measure, office=item.office, due_on=due, opened_at=now,
            )
        )  # fmt: skip
    db.flush()


def close_measure(db: Session, measure_id: int, state: str, result: str, staff: str = "") -> None:
    """Close a measure as done or skipped, with its result and who did it. Raises CaseStateError."""
    row = db.get(WarningMeasure, measure_id)
    if row is None or row.state != "open":
        raise CaseStateError(_SAY("measure_unknown", measure=measure_id))
    if state not in ("done", "skipped") or not result:
        raise CaseStateError(_SAY("measure_result_missing"))
    row.state, row.result = state, result[:100]
    row.closed_at, row.closed_by = clock.now(), staff
    db.flush()


def pending_measures(db: Session, region: str) -> list[OpenMeasure]:
    """Return what is to be done in a region, the earliest first; without a clock last."""
    prefix, today = region_prefix(region), clock.today()
    query = (
        select(WarningMeasure, Alert, WarningCase)
        .outerjoin(Alert, Alert.id == WarningMeasure.alert_id)
        .outerjoin(WarningCase, WarningCase.id == WarningMeasure.case_id)
        .where(WarningMeasure.state == "open")
    )
    result = []
    for row, alert, case in db.execute(query):
        place = alert.region if alert else case.district
        if not place.startswith(prefix):
            continue
        subject = f"预警{alert.id}" if alert else case.name
        overdue = row.due_on is not None and row.due_on < today
        result.append(OpenMeasure(row.id, row.measure, row.office, row.due_on, subject, overdue))
    return sorted(result, key=lambda item: (item.due_on is None, item.due_on or today, item.id))
