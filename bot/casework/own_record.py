"""A seeker's own record at the office, for who has joined it by a code: read, and objected to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import registrations
from bot.casework.duty_store import items
from bot.casework.focus import own_lines
from bot.casework.links import persons_of
from bot.casework.promises import STATES as PROMISE_STATES
from bot.casework.promises import left_in_words
from bot.casework.registrations import STATES
from bot.db.tables import (
    Person,
    Plan,
    PlanStep,
    PlanVersion,
    Promise,
    Registration,
    RegistrationEvent,
)
from bot.handoff.office_hours import office_hours
from bot.wording import wording

_SAY = wording("casework")


@dataclass(frozen=True)
class OwnRecord:
    """Record of a person at the office, in lines that are shown to them."""

    registration: str
    exits: str
    """The exit that waits or was confirmed, with its reason; empty without one."""
    plan: tuple[str, ...]
    """The steps of the plan that they agreed to, and the lists of focused help that they are on."""
    promise: str


def own_records(db: Session, seeker_id: int) -> list[OwnRecord]:
    """Return the records that a seeker has joined: none before they gave a code of the desk."""
    return [_record(db, db.get_one(Person, person_id)) for person_id in persons_of(db, seeker_id)]


def object_to_exits(db: Session, seeker_id: int, words: str) -> int:
    """Keep a seeker's objection to the exits of their registrations; return how many there were."""
    objections = 0
    for person in persons_of(db, seeker_id):
        registration = _newest(db, person)
        if registration is not None and registration.state in ("exit_proposed", "exited"):
            registrations.object_to_exit(db, registration, words)
            objections += 1
    return objections


def _record(db: Session, person: Person) -> OwnRecord:
    registration = _newest(db, person.id)
    if registration is None:
        return OwnRecord(_SAY("no_registration"), "", _help(db, person), "")
    status = _SAY(
        "registration_state", day=registration.registered_on, state=STATES[registration.state]
    )
    return OwnRecord(
        status, _exit(db, person, registration), _help(db, person), _promise(db, person)
    )


def _newest(db: Session, person_id: int) -> Registration | None:
    query = select(Registration).where(
        Registration.person_id == person_id, Registration.state != "withdrawn"
    )
    return db.scalar(query.order_by(Registration.id.desc()).limit(1))


def _exit(db: Session, person: Person, registration: Registration) -> str:
    if registration.state not in ("exit_proposed", "exited", "objected"):
        return ""
    event = RegistrationEvent
    query = select(event.reason_code).where(
        event.registration_id == registration.id, event.kind == "exit_proposed"
    )
    code = db.scalar(query.order_by(event.id.desc()).limit(1))
    labels = {
        item.code: item.label
        for item in items(db, "exit_reasons", person.region_code, clock.today())
    }
    return labels.get(code or "", code or "")


def _help(db: Session, person: Person) -> tuple[str, ...]:
    return (*_plan(db, person), *own_lines(db, person.id))


def _plan(db: Session, person: Person) -> tuple[str, ...]:
    agreed = (
        select(PlanVersion.id)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(Plan.person_id == person.id, Plan.state == "running")
        .where(PlanVersion.agreed_at.is_not(None))
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )
    version = db.scalar(agreed)
    if version is None:
        return ()
    steps = select(PlanStep).where(PlanStep.version_id == version).order_by(PlanStep.position)
    return tuple(f"{step.action}（{step.due_on}前）" for step in db.scalars(steps))


def _promise(db: Session, person: Person) -> str:
    query = select(Promise).where(Promise.person_id == person.id)
    promise = db.scalar(query.order_by(Promise.id.desc()).limit(1))
    if promise is None:
        return ""
    remaining = left_in_words(promise, clock.now(), office_hours())
    return remaining or PROMISE_STATES[promise.state]
