"""People who register at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.areas import exists
from bot.casework.errors import NotPermitted, WrongState
from bot.casework.identity import (
    birth_year,
    is_id_number,
    key_ring,
    plain_id_number,
    plain_phone,
    sex,
)
from bot.casework.registrations import register
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import everywhere, visible
from bot.db.tables import Person
from bot.wording import wording

_SAY = wording("casework")


@dataclass(frozen=True)
class NewPerson:
    """Statements of a person at the desk."""

    name: str
    id_number: str
    phone: str
    area: str
    registered_on: date
    cause: str


def add_person(db: Session, me: Staff, new_person: NewPerson) -> Person:
    """Store a person and their registration; a person on record already is registered again.

    Raises NotPermitted and WrongState.
    """
    if (
        not exists(db, new_person.area)
        or len(new_person.area) < 6
        or not me.may(LEDGER, new_person.area)
    ):
        raise NotPermitted
    number, name = plain_id_number(new_person.id_number), new_person.name.strip()
    phone = plain_phone(new_person.phone)
    if not 1 < len(name) <= 40:
        raise WrongState(_SAY("name_missing"))
    if not is_id_number(number, clock.today()):
        raise WrongState(_SAY("id_number_wrong"))
    if new_person.phone.strip() and phone is None:
        raise WrongState(_SAY("phone_wrong"))
    if new_person.registered_on > clock.today():
        raise WrongState(_SAY("registered_in_future"))
    person = _existing_person(db, me, number) or _new(db, new_person.area, name, number, phone)
    register(
        db, person, new_person.registered_on, new_person.cause.strip(), "desk", counsellor_id=me.id
    )
    target = ("person", "失业登记", str(person.id), person.region_code)
    append(db, Action(f"counsellor:{me.id}", "register", *target))
    return person


def _existing_person(db: Session, me: Staff, number: str) -> Person | None:
    digest = key_ring().digest(number, "people.id_number")
    with everywhere(db):
        person_id = db.scalar(select(Person.id).where(Person.id_number_digest == digest))
    if person_id is None:
        return None
    query = select(Person).where(Person.id == person_id, visible(me, Person, LEDGER))
    person = db.scalar(query)
    if person is None:
        raise WrongState(_SAY("person_elsewhere"))
    return person


def _new(db: Session, area: str, name: str, number: str, phone: str | None) -> Person:
    ring = key_ring()
    made = Person(
        name_sealed=ring.seal(name, "people.name"), name_digest=ring.digest(name, "people.name"),
        id_number_sealed=ring.seal(number, "people.id_number"),
        id_number_digest=ring.digest(number, "people.id_number"),
        phone_sealed=ring.seal(phone, "people.phone") if phone else None,
        phone_digest=ring.digest(phone, "people.phone") if phone else None,
        birth_year=birth_year(number), sex=sex(number), region_code=area, district_code=area[:6],
        source="desk", as_of=clock.today(), created_at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made
