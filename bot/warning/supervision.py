"""Orders to do what is open or overdue (督办单), given from above and answered by the office."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Alert, SupervisionOrder, WarningCase, WarningMeasure
from bot.warning.errors import CaseStateError
from bot.wording import wording

_SAY = wording("warning")


def measure_region(db: Session, measure_id: int) -> str:
    """Return the region of a measure's alert or firm. Raises CaseStateError where there is none."""
    measure = db.get(WarningMeasure, measure_id)
    if measure is None:
        raise CaseStateError(_SAY("measure_unknown", measure=measure_id))
    if measure.alert_id is not None:
        return db.get_one(Alert, measure.alert_id).region
    return db.get_one(WarningCase, measure.case_id or 0).district


def order(
    db: Session, measure_id: int, demand: str, due_on: date | None, staff: str
) -> SupervisionOrder:
    """Order that a measure be done by a day.

    Raises CaseStateError when the measure is closed, something is missing, the day is over, or an
    order for it waits for its answer.
    """
    region = measure_region(db, measure_id)
    if db.get_one(WarningMeasure, measure_id).state != "open":
        raise CaseStateError(_SAY("measure_unknown", measure=measure_id))
    if not demand.strip() or due_on is None or due_on < clock.today():
        raise CaseStateError(_SAY("order_incomplete"))
    waiting = select(SupervisionOrder.id).where(
        SupervisionOrder.measure_id == measure_id, SupervisionOrder.answered_at.is_(None)
    )
    if db.scalar(waiting) is not None:
        raise CaseStateError(_SAY("order_waits"))
    row = SupervisionOrder(
        measure_id=measure_id, region=region, demand=demand.strip()[:300], due_on=due_on,
        ordered_by=staff, ordered_at=clock.now(),
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row


def answer(db: Session, order_id: int, text: str, staff: str) -> SupervisionOrder:
    """Answer an order. Raises CaseStateError when it was answered, or by the one who gave it."""
    row = db.get(SupervisionOrder, order_id)
    if row is None or row.answered_at is not None:
        raise CaseStateError(_SAY("order_answered"))
    if not text.strip():
        raise CaseStateError(_SAY("answer_missing"))
    if staff == row.ordered_by:
        raise CaseStateError(_SAY("order_own"))
    row.answer, row.answered_by, row.answered_at = text.strip()[:300], staff, clock.now()
    db.flush()
    return row
