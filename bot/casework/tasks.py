"""Tasks: made once for their cause, listed by due time, claimed, given to a colleague, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import names_of
from bot.casework.duty_store import UNSET, EffectiveDutyFigure
from bot.casework.errors import NotPermitted, WrongState
from bot.casework.identity import key_ring, masked_name, masked_phone
from bot.casework.roles import ASSIGN, PEOPLE, Staff, holders
from bot.casework.scope import get, visible, within
from bot.clock import CHINA
from bot.db.tables import Counsellor, Person, Task
from bot.wording import wording

_SAY = wording("casework")

KINDS = {
    "monthly_contact": "每月联系", "visit": "走访", "verify": "核对", "manual_review": "人工复核",
    "exit_review": "注销复核", "objection": "注销异议", "promise": "24小时承诺",
    "promise_call": "承诺：打电话", "promise_missed": "承诺没兑现：补救", "plan_step": "方案里的事",
    "plan_review": "方案月度更新", "placement_check": "就业回访", "household": "零就业家庭",
    "referral": "转办", "warn_service": "预警措施", "focus_inform": "重点帮扶：告知本人",
    "focus_plan": "重点帮扶：定一人一策", "transfer": "转移", "ticket": "工单后续",
}  # fmt: skip
#: States in which something is still to be done.
UNDONE = ("open", "claimed")
#: Rows of one page.
PAGE = 50


@dataclass(frozen=True)
class Deadline:
    """Moment until which something is due, and the rule that sets it."""

    at: datetime
    rule: str
    is_set: bool = True
    """False where no paper sets the figure: `at` only orders the list then."""


@dataclass(frozen=True)
class TaskRow:
    """A task as the list shows it."""

    id: int
    kind: str
    """In Chinese."""
    person_id: int | None
    person: str
    """Masked: 张** · 3211; empty for a task about no person."""
    area: str
    due_at: datetime
    has_deadline: bool
    overdue: bool
    assignee: str
    mine: bool
    state: str
    rule: str


@dataclass(frozen=True)
class TaskPage:
    """A page of tasks by due time."""

    rows: tuple[TaskRow, ...]
    after: str
    """Where the next page begins; empty on the last one."""


def after_days(figure: EffectiveDutyFigure | None, label: str, now: datetime) -> Deadline:
    """Return the end of the day that lies the figure's days ahead; unset without a figure."""
    if figure is None:
        return Deadline(now, f"{label}：{UNSET}", is_set=False)
    return Deadline(end_of_day(now.date() + timedelta(days=figure.number)), figure.citation)


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in China."""
    return datetime.combine(day, time(23, 59, 59), CHINA)


def make(
    db: Session, key: str, kind: str, person: Person, deadline: Deadline,
    subject_id: int | None = None, assignee_id: int | None = None, result: str = "",
) -> Task:  # fmt: skip
    """Make a task for a person, unless one of the same key is there; return it."""
    existing = db.scalar(select(Task).where(Task.key == key))
    if existing is not None:
        return existing
    made = Task(
        key=key, kind=kind, person_id=person.id, subject_id=subject_id,
        region_code=person.region_code, district_code=person.district_code,
        assignee_id=assignee_id, due_at=deadline.at, has_deadline=deadline.is_set,
        rule=deadline.rule[:200], state="open", result=result, created_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def page(
    db: Session, me: Staff, after: str = "", kind: str = "", area: str = "", own: bool = False,
    limit: int = PAGE,
) -> TaskPage:  # fmt: skip
    """Return what is to be done in one's areas, by due time; `after` is a page's own mark."""
    conditions: list[ColumnElement[bool]] = [Task.state.in_(UNDONE), visible(me, Task)]
    if kind:
        conditions.append(Task.kind == kind)
    if area:
        conditions.append(within(Task.region_code, area))
    if own:
        conditions.append(Task.assignee_id == me.id)
    cursor = _cursor(after)
    if cursor is not None:
        due, number = cursor
        conditions.append(or_(Task.due_at > due, and_(Task.due_at == due, Task.id > number)))
        conditions.append(Task.due_at >= due)  # a range that the index begins at
    rows = db.scalars(
        select(Task).where(*conditions).order_by(Task.due_at, Task.id).limit(limit + 1)
    ).all()
    tasks = rows[:limit]
    mark = f"{tasks[-1].due_at.isoformat()}|{tasks[-1].id}" if len(rows) > limit else ""
    return TaskPage(tuple(_rows(db, me, tasks)), mark)


def of_person(db: Session, me: Staff, person_id: int) -> list[TaskRow]:
    """Return a person's tasks that are still to be done."""
    query = select(Task).where(
        Task.person_id == person_id, Task.state.in_(UNDONE), visible(me, Task)
    )
    return _rows(db, me, db.scalars(query.order_by(Task.due_at, Task.id)).all())


def claim(db: Session, me: Staff, number: int) -> Task:
    """Take a task. Raises NotVisible, or WrongState when a colleague has it."""
    task = _undone(db, me, number)
    if task.assignee_id not in (None, me.id):
        raise WrongState(_SAY("task_taken"))
    task.assignee_id, task.state = me.id, "claimed"
    db.flush()
    return task


def assign(db: Session, me: Staff, number: int, colleague: int) -> Task:
    """Give a task to a colleague of the area. Raises NotVisible, NotPermitted, WrongState."""
    task = _undone(db, me, number)
    me.need(ASSIGN, task.region_code)
    if colleague not in holders(db, PEOPLE, task.region_code):
        raise NotPermitted
    task.assignee_id, task.state = colleague, "claimed"
    db.flush()
    return task


def close(db: Session, me: Staff, number: int, result: str = "") -> Task:
    """Close a task as done. Raises NotVisible or WrongState."""
    task = _undone(db, me, number)
    if task.kind in ("warn_service", "transfer"):
        raise WrongState(_SAY(f"task_on_{task.kind}_page"))
    finish(task, me.id, result)
    db.flush()
    return task


def skip(db: Session, me: Staff, number: int, reason: str) -> Task:
    """Close a task as not done, with the reason. Raises NotVisible, WrongState."""
    if not reason.strip():
        raise WrongState(_SAY("skip_reason_missing"))
    task = _undone(db, me, number)
    if task.kind in ("exit_review", "objection", "promise_missed", "warn_service", "transfer"):
        raise WrongState(_SAY("task_cannot_be_skipped"))
    finish(task, me.id, reason.strip(), "skipped")
    db.flush()
    return task


def finish(task: Task, counsellor_id: int | None, result: str, state: str = "done") -> None:
    """Mark a task as over; `counsellor_id` is None for the machine."""
    task.state, task.result = state, result[:200]
    task.closed_by, task.closed_at = counsellor_id, clock.now()


def finish_all(
    db: Session, kind: str, subject_id: int, counsellor_id: int | None, result: str
) -> int:
    """Mark all tasks of a kind about one subject as done; return how many."""
    query = select(Task).where(
        Task.kind == kind, Task.subject_id == subject_id, Task.state.in_(UNDONE)
    )
    tasks = db.scalars(query).all()
    for task in tasks:
        finish(task, counsellor_id, result)
    db.flush()
    return len(tasks)


def move(db: Session, person: Person) -> None:
    """Move the tasks of a person who has moved to the new area, open and unassigned."""
    db.execute(
        update(Task)
        .where(Task.person_id == person.id, Task.state.in_(UNDONE))
        .values(
            region_code=person.region_code, district_code=person.district_code,
            assignee_id=None, state="open",
        )
    )  # fmt: skip


def release(db: Session, counsellor_id: int) -> int:
    """Open the tasks of a leaving member of staff to others; return how many."""
    own_tasks = update(Task).where(Task.assignee_id == counsellor_id, Task.state.in_(UNDONE))
    done = db.execute(own_tasks.values(assignee_id=None, state="open"))
    return int(done.rowcount)  # type: ignore[attr-defined]


def person_labels(db: Session, numbers: set[int]) -> dict[int, str]:
    """Return people as lists show them: 张** · 3211."""
    ring = key_ring()
    query = select(Person.id, Person.name_sealed, Person.phone_sealed).where(Person.id.in_(numbers))
    labels = {}
    for number, name, phone in db.execute(query):
        masked = masked_name(ring.open(name, "people.name"))
        tail = masked_phone(ring.open(phone, "people.phone")) if phone else ""
        labels[number] = f"{masked} · {tail}" if tail else masked
    return labels


def _undone(db: Session, me: Staff, number: int) -> Task:
    task: Task = get(db, me, Task, number, lock=True)
    if task.state not in UNDONE:
        raise WrongState(_SAY("task_done_already"))
    return task


def _cursor(after: str) -> tuple[datetime, int] | None:
    due, _, number = after.partition("|")
    try:
        return datetime.fromisoformat(due), int(number)
    except ValueError:
        return None


def _rows(db: Session, me: Staff, tasks: Sequence[Task]) -> list[TaskRow]:
    now = clock.now()
    labels = person_labels(db, {task.person_id for task in tasks if task.person_id})
    areas = names_of(db, {task.region_code for task in tasks})
    staff = {task.assignee_id for task in tasks if task.assignee_id}
    names = dict(
        db.execute(select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(staff)))
        .tuples()
        .all()
    )
    return [
        TaskRow(
            task.id, KINDS.get(task.kind, task.kind), task.person_id,
            labels.get(task.person_id or 0, ""), areas[task.region_code], task.due_at,
            task.has_deadline, task.has_deadline and task.due_at < now,
            names.get(task.assignee_id or 0, ""), task.assignee_id == me.id, task.state, task.rule,
        )
        for task in tasks
    ]  # fmt: skip
