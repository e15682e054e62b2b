"""Measures of early warning as tasks: closed by the staff of their area only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.errors import NotVisible
from bot.casework.roles import Staff
from bot.casework.scope import everywhere
from bot.casework.warning_tasks import KIND, close, make_warning_tasks
from bot.db.tables import Alert, Task, WarningCase, WarningMeasure
from tests.casework.people import make_staff
from tests.factories import saved
from tests.warning.office_files import firm


def _measure_of_case(db: Session) -> WarningMeasure:
    case = saved(
        db,
        WarningCase(
            uscc=firm(1), name="某厂", district="210106", day=date(2026, 10, 5),
            peak=date(2026, 10, 5), grade="strong", leavers=47, base=300, state="verified",
            arithmetic="减员47人", created_at=clock.now(),
        ),
    )  # fmt: skip
    return saved(
        db, WarningMeasure(case_id=case.id, measure="走访", office="区", due_on=None, state="open")
    )


def _measure_of_alert(db: Session) -> WarningMeasure:
    alert = saved(
        db,
        Alert(
            indicator="registered-unemployed", region="210106", level="red", evidence="为30%",
            month=date(2026, 10, 1), opened_at=clock.now(),
        ),
    )  # fmt: skip
    return saved(
        db,
        WarningMeasure(alert_id=alert.id, measure="分析", office="区", due_on=None, state="open"),
    )


def _states(db: Session, measure: WarningMeasure) -> tuple[str, str]:
    with everywhere(db):
        db.refresh(measure)
        task = db.scalars(select(Task).where(Task.kind == KIND)).one()
    return measure.state, task.state


@pytest.mark.parametrize("make", [_measure_of_case, _measure_of_alert])
def test_a_measure_is_closed_with_its_task_by_staff_of_its_area_only(
    office: Session, head: Staff, make: Callable[[Session], WarningMeasure]
) -> None:
    measure = make(office)
    assert (make_warning_tasks(office), make_warning_tasks(office)) == (1, 0)
    elsewhere = make_staff(office, "远主任", "district", "210203")
    with pytest.raises(NotVisible):
        close(office, elsewhere, measure.id, "办了", done=True)
    assert _states(office, measure) == ("open", "open")
    close(office, head, measure.id, "办了", done=True)
    assert _states(office, measure) == ("done", "done")
    assert measure.result == "办了"


def test_closing_an_unknown_measure_is_refused(office: Session, head: Staff) -> None:
    with pytest.raises(NotVisible):
        close(office, head, 10**6, "办了", done=True)
