"""The list of those who get help first (重点帮扶清单): entered, told, objected, helped, ended.

辽人社建〔2025〕21号 二(十): five kinds of people, each with a plan of their own. Who is entered is
told before anything is done, and may object then or later (个人信息保护法 第四十四条); who objects
is off the list, and nothing else changes for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.areas import names_of
from bot.casework.contacts import WAYS
from bot.casework.duty_store import figure
from bot.casework.errors import WrongState
from bot.casework.registrations import OVER
from bot.casework.roles import LEDGER, PEOPLE, Staff
from bot.casework.scope import get, visible, within
from bot.casework.tasks import after_days, finish_all, make, person_labels
from bot.clock import CHINA
from bot.db.tables import (
    Counsellor,
    FocusEntry,
    FocusEvent,
    Person,
    Plan,
    PlanVersion,
    Registration,
    WarningCase,
)
from bot.wording import wording

_SAY = wording("casework")

#: The kinds of 辽人社建〔2025〕21号 二(十).
KINDS = {
    "hardship": "就业困难人员", "graduate": "高校毕业生", "rural": "农村转移劳动力",
    "relief": "脱贫人口", "laid_off": "预警企业减员",
}  # fmt: skip
STATES = {
    "proposed": "拟列入，还没告知",
    "listed": "在清单上",
    "objected": "本人不同意",
    "ended": "结束",
}
#: States in which a person is on the list or about to be.
OPEN = ("proposed", "listed")
#: States of a firm whose leavers may be entered.
_WARNED = ("verified", "listed", "served", "worse")
#: Rows of a page.
PAGE = 50


@dataclass(frozen=True)
class FocusRow:
    """An entry as the list shows it."""

    id: int
    person_id: int
    label: str
    """张** · 3211."""
    area: str
    kind: str
    basis: str
    state: str
    state_code: str
    since: datetime
    plan: str
    """State of the plan; empty without one."""
    updated: bool
    """Whether the plan has a version or an entry of this month."""


@dataclass(frozen=True)
class FocusStep:
    """A step of an entry, with who did it and when."""

    at: datetime
    state: str
    way: str
    note: str
    staff: str


@dataclass(frozen=True)
class FocusCard:
    """An entry as a person's page shows it."""

    id: int
    kind: str
    basis: str
    state: str
    state_code: str
    steps: tuple[FocusStep, ...]
    notice: str
    """What the person is told, as a member of staff reads it out."""


def enter(
    db: Session, me: Staff, person: Person, kind: str, basis: str, firm: str = "",
    batch_id: int | None = None,
) -> FocusEntry:  # fmt: skip
    """Enter a person; a task to tell them is made. `firm`: the credit code, of those let go.

    Raises NotPermitted, and WrongState without basis, for an unknown kind, a firm that is not
    warned, or a person who is entered for this kind already or objected to it.
    """
    if kind not in KINDS:
        raise WrongState(_SAY("focus_kind_unknown"))
    if not basis.strip():
        raise WrongState(_SAY("focus_basis_missing"))
    if kind == "laid_off":
        me.need(LEDGER, person.region_code)  # whether a firm is warned is not for every desk
    if problem := obstacle(db, person.id, kind):
        raise WrongState(problem)
    entry = FocusEntry(
        person_id=person.id, kind=kind, basis=basis.strip()[:200],
        case_id=warned_case(db, firm) if kind == "laid_off" else None, state="proposed",
        batch_id=batch_id, entered_at=clock.now(),
    )  # fmt: skip
    db.add(entry)
    db.flush()
    _add_event(db, me, entry, "proposed", "", "")
    days = figure(db, "focus_inform_days", person.region_code, clock.today())
    deadline = after_days(days, "告知本人列入重点帮扶清单", clock.now())
    make(db, f"focus_inform:{entry.id}", "focus_inform", person, deadline, entry.id)
    _log(db, me, "focus_entered", entry, person)
    return entry


def obstacle(db: Session, person_id: int, kind: str) -> str:
    """Return why a person cannot be entered for a kind, in Chinese; empty where nothing is."""
    query = select(FocusEntry.state).where(
        FocusEntry.person_id == person_id, FocusEntry.kind == kind
    )
    states = set(db.scalars(query))
    if states & set(OPEN):
        return _SAY("focus_entered_already")
    return _SAY("focus_objected_before") if "objected" in states else ""


def warned_case(db: Session, firm: str) -> int:
    """Return the newest case of a warned firm. Raises WrongState where there is none."""
    query = select(WarningCase.id).where(
        WarningCase.uscc == firm.strip().upper(), WarningCase.state.in_(_WARNED)
    )
    number = db.scalar(query.order_by(WarningCase.id.desc()).limit(1))
    if number is None:
        raise WrongState(_SAY("focus_firm_not_warned"))
    return number


def inform(db: Session, me: Staff, number: int, way: str) -> FocusEntry:
    """Keep that the person was told and did not object: on the list from now on.

    Raises NotVisible, WrongState.
    """
    entry = _entry(db, me, number)
    if entry.state != "proposed":
        raise WrongState(_SAY("focus_informed_already"))
    _check_way(way)
    _change(db, me, entry, "listed", way, "")
    person = db.get_one(Person, entry.person_id)
    if not _has_plan(db, person.id):
        days = figure(db, "focus_plan_days", person.region_code, clock.today())
        deadline = after_days(days, "制定一人一策", clock.now())
        make(db, f"focus_plan:{entry.id}", "focus_plan", person, deadline, person.id)
    return entry


def object_to(db: Session, me: Staff, number: int, way: str, note: str) -> FocusEntry:
    """Keep that the person does not want to be on the list. Raises NotVisible, WrongState."""
    entry = _entry(db, me, number)
    _check_way(way)
    _change(db, me, entry, "objected", way, note)
    _leave(db, me, entry)
    return entry


def end(db: Session, me: Staff, number: int, note: str) -> FocusEntry:
    """End an entry with what came of it. Raises NotVisible, WrongState."""
    entry = _entry(db, me, number)
    if not note.strip():
        raise WrongState(_SAY("focus_end_reason_missing"))
    _change(db, me, entry, "ended", "", note)
    _leave(db, me, entry)
    return entry


def withdraw(db: Session, me: Staff, entry: FocusEntry, note: str) -> bool:
    """Take back an entry of a mistaken sheet; not after the person was told."""
    if entry.state != "proposed":
        return False
    _change(db, me, entry, "ended", "", note)
    _leave(db, me, entry)
    return True


def page(
    db: Session, me: Staff, kind: str = "", state: str = "", area: str = "", after: int = 0
) -> tuple[list[FocusRow], int | None]:
    """Return a page of entries in one's areas, and where the next one begins; open ones first."""
    conditions: list[ColumnElement[bool]] = [visible(me, Person), FocusEntry.id > after]
    conditions.append(FocusEntry.state == state if state else FocusEntry.state.in_(OPEN))
    if kind:
        conditions.append(FocusEntry.kind == kind)
    query = select(FocusEntry, Person).join(Person, Person.id == FocusEntry.person_id)
    if area:
        conditions.append(within(Person.region_code, area))
    results = db.execute(query.where(*conditions).order_by(FocusEntry.id).limit(PAGE + 1)).all()
    rows = [row.tuple() for row in results[:PAGE]]
    return _rows(db, rows), rows[-1][0].id if len(results) > PAGE else None


def cards(db: Session, me: Staff, person_id: int) -> list[FocusCard]:
    """Return the entries of a person with their steps, the newest first."""
    query = select(FocusEntry).where(FocusEntry.person_id == person_id, visible(me, FocusEntry))
    return [
        FocusCard(
            entry.id, KINDS[entry.kind], entry.basis, STATES[entry.state], entry.state,
            tuple(_steps(db, entry.id)), _SAY("focus_notice", kind=KINDS[entry.kind]),
        )
        for entry in db.scalars(query.order_by(FocusEntry.id.desc()))
    ]  # fmt: skip


def own_lines(db: Session, person_id: int) -> tuple[str, ...]:
    """Return in plain words on which lists a person is who asks for their own record."""
    query = select(FocusEntry.kind).where(
        FocusEntry.person_id == person_id, FocusEntry.state == "listed"
    )
    return tuple(
        _SAY("focus_own", kind=KINDS[kind]) for kind in db.scalars(query.order_by(FocusEntry.id))
    )


def plan_updated(day: date) -> ColumnElement[bool]:
    """Return the condition that a plan has a version or an entry of the month of a day or later."""
    begins = datetime(day.year, day.month, 1, tzinfo=CHINA)
    newer = select(PlanVersion.id).where(PlanVersion.plan_id == Plan.id, PlanVersion.at >= begins)
    return exists(newer.correlate(Plan))


def _entry(db: Session, me: Staff, number: int) -> FocusEntry:
    entry: FocusEntry = get(db, me, FocusEntry, number, PEOPLE, lock=True)
    if entry.state not in OPEN:
        raise WrongState(_SAY("focus_over"))
    return entry


def _check_way(way: str) -> None:
    if way not in WAYS:
        raise WrongState(_SAY("contact_way_unknown"))


def _change(db: Session, me: Staff, entry: FocusEntry, state: str, way: str, note: str) -> None:
    entry.state = state
    _add_event(db, me, entry, state, way, note)
    finish_all(db, "focus_inform", entry.id, me.id, STATES[state])
    _log(db, me, f"focus_{state}", entry, db.get_one(Person, entry.person_id))


def _leave(db: Session, me: Staff, entry: FocusEntry) -> None:
    """End what hangs on the list: the task of a plan, and the keeping of who never registered."""
    person = db.get_one(Person, entry.person_id)
    if _is_open(db, person.id):
        return
    finish_all(db, "focus_plan", person.id, me.id, STATES[entry.state])
    registered = exists(
        select(Registration.id).where(
            Registration.person_id == person.id, Registration.state.not_in(OVER)
        )
    )
    if person.left_at is None and not db.scalar(select(registered)):
        person.left_at = clock.now()
    db.flush()


def _is_open(db: Session, person_id: int) -> bool:
    query = select(FocusEntry.id).where(
        FocusEntry.person_id == person_id, FocusEntry.state.in_(OPEN)
    )
    return db.scalar(query.limit(1)) is not None


def _has_plan(db: Session, person_id: int) -> bool:
    query = select(Plan.id).where(Plan.person_id == person_id, Plan.state != "closed")
    return db.scalar(query) is not None


def _add_event(db: Session, me: Staff, entry: FocusEntry, state: str, way: str, note: str) -> None:
    db.add(
        FocusEvent(
            entry_id=entry.id, state=state, way=way, note=note.strip()[:200],
            counsellor_id=me.id, at=clock.now(),
        )
    )  # fmt: skip
    db.flush()


def _rows(db: Session, rows: Sequence[tuple[FocusEntry, Person]]) -> list[FocusRow]:
    people = {person.id for _, person in rows}
    labels = person_labels(db, people)
    areas = names_of(db, {person.region_code for _, person in rows})
    fresh = plan_updated(clock.today())
    query = select(Plan.person_id, Plan.state, fresh).where(
        Plan.person_id.in_(people), Plan.state != "closed"
    )
    plans = {person: (state, bool(updated)) for person, state, updated in db.execute(query)}
    names = {"draft": "草稿", "agreed": "已同意", "running": "进行中"}
    return [
        FocusRow(
            entry.id, person.id, labels[person.id], areas[person.region_code], KINDS[entry.kind],
            entry.basis, STATES[entry.state], entry.state, entry.entered_at,
            names.get(plans.get(person.id, ("", False))[0], ""),
            plans.get(person.id, ("", False))[1],
        )
        for entry, person in rows
    ]  # fmt: skip


def _steps(db: Session, entry_id: int) -> list[FocusStep]:
    query = (
        select(FocusEvent, Counsellor.name)
        .join(Counsellor, Counsellor.id == FocusEvent.counsellor_id)
        .where(FocusEvent.entry_id == entry_id)
        .order_by(FocusEvent.id)
    )
    return [
        FocusStep(event.at, STATES[event.state], WAYS.get(event.way, ""), event.note, name)
        for event, name in db.execute(query)
    ]


def _log(db: Session, me: Staff, action: str, entry: FocusEntry, person: Person) -> None:
    actor, area = f"counsellor:{me.id}", person.region_code
    append(db, Action(actor, action, "person", "重点帮扶清单", str(person.id), area))
