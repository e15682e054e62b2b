"""Counts of a month in an area: exits by reason, what was stopped, promises by state."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.duty_store import items
from bot.casework.promises import STATES
from bot.casework.registrations import CAUSES
from bot.casework.roles import NUMBERS, Staff
from bot.casework.scope import visible, within
from bot.clock import CHINA
from bot.db.tables import Person, Promise, Registration, RegistrationEvent

#: Counts of people below this are told as “<5” to those who see no persons.
SMALL = 5


def exits(db: Session, me: Staff, month: date, area: str) -> list[tuple[str, str]]:
    """Return exits of a month by reason, and tries that were stopped. Raises NotPermitted."""
    me.need(NUMBERS, area)
    begins, ends = _month(month)
    event = RegistrationEvent
    query = (
        select(event.kind, func.coalesce(event.reason_code, event.cause), func.count())
        .join(Registration, Registration.id == event.registration_id)
        .join(Person, Person.id == Registration.person_id)
        .where(event.kind.in_(("exit_confirmed", "violation")), event.at >= begins, event.at < ends)
        .where(within(Person.region_code, area), visible(me, Person, NUMBERS))
        .group_by(event.kind, func.coalesce(event.reason_code, event.cause))
        .order_by(event.kind, func.count().desc())
    )
    labels = {item.code: item.label for item in items(db, "exit_reasons", area, clock.today())}
    rows = []
    for kind, code, number in db.execute(query):
        label = labels.get(code, code) if kind == "exit_confirmed" else f"拦下：{CAUSES[code]}"
        rows.append((label, suppressed(me, area, number)))
    return rows


def promises(db: Session, me: Staff, month: date, area: str) -> list[tuple[str, str]]:
    """Return promises begun in a month by their state now. Raises NotPermitted."""
    me.need(NUMBERS, area)
    begins, ends = _month(month)
    query = (
        select(Promise.state, func.count())
        .join(Person, Person.id == Promise.person_id)
        .where(Promise.started_at >= begins, Promise.started_at < ends)
        .where(within(Person.region_code, area), visible(me, Person, NUMBERS))
        .group_by(Promise.state)
        .order_by(Promise.state)
    )
    return [(STATES[state], suppressed(me, area, number)) for state, number in db.execute(query)]


def suppressed(me: Staff, area: str, number: int) -> str:
    """Return a count of people; a small one is hidden from who sees no persons of the area."""
    return str(number) if number >= SMALL or me.may("people", area) else f"<{SMALL}"


def _month(day: date) -> tuple[datetime, datetime]:
    first = datetime(day.year, day.month, 1, tzinfo=CHINA)
    return first, (first + timedelta(days=32)).replace(day=1)
