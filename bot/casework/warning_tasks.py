"""Measures of early warning as tasks of 今天: made once for each, closed with it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import area_of_region, region_of_area
from bot.casework.errors import NotVisible
from bot.casework.roles import WARNING_EDIT, Staff
from bot.casework.scope import everywhere, get
from bot.casework.tasks import end_of_day, finish_all
from bot.db.tables import Alert, Task, WarningCase, WarningMeasure
from bot.warning.measures import close_measure

KIND = "warn_service"


def make_warning_tasks(db: Session) -> int:
    """Make a task of each open measure that has none; return how many. Twice is as once.

    The task names the measure and a number, never the firm: who sees 今天 need not see the list.
    """
    with everywhere(db):  # a task of elsewhere that is not seen would be made twice
        return _make(db)


def _make(db: Session) -> int:
    measures = db.scalars(
        select(WarningMeasure)
        .outerjoin(Task, (Task.kind == KIND) & (Task.subject_id == WarningMeasure.id))
        .where(WarningMeasure.state == "open", Task.id.is_(None))
    ).all()
    now = clock.now()
    for measure in measures:
        area = area_of_region(_region(db, measure))
        subject = f"预警{measure.alert_id}" if measure.alert_id else f"企业{measure.case_id}"
        db.add(
            Task(
                key=f"{KIND}:{measure.id}", kind=KIND, person_id=None, subject_id=measure.id,
                region_code=area, district_code=region_of_area(area), assignee_id=None,
                due_at=end_of_day(measure.due_on) if measure.due_on else now,
                has_deadline=measure.due_on is not None, state="open", result="", created_at=now,
                rule=f"{measure.measure}（{measure.office}，{subject}）"[:200],
            )
        )  # fmt: skip
    db.flush()
    return len(measures)


def close(db: Session, me: Staff, number: int, result: str, *, done: bool) -> None:
    """Close a measure of one's areas with its task. Raises NotVisible, CaseStateError."""
    measure = db.get(WarningMeasure, number)
    if measure is None:
        raise NotVisible
    if measure.alert_id is not None:
        get(db, me, Alert, measure.alert_id, WARNING_EDIT)
    else:
        get(db, me, WarningCase, measure.case_id or 0, WARNING_EDIT)
    close_measure(db, number, "done" if done else "skipped", result, me.name)
    finish_all(db, KIND, number, me.id, result)


def _region(db: Session, measure: WarningMeasure) -> str:
    if measure.alert_id is not None:
        return db.get_one(Alert, measure.alert_id).region
    return db.get_one(WarningCase, measure.case_id or 0).district
