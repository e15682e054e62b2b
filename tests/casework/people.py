"""Invented staff and people."""

from __future__ import annotations

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from bot import clock
from bot.casework import registrations, roles
from bot.casework.identity import key_ring
from bot.casework.roles import Staff
from bot.db.tables import Counsellor, Person, Registration
from tests.factories import saved

_numbers = count(1)


def make_staff(db: Session, name: str, role: str = "", scope: str = "") -> Staff:
    """A member of staff with a role in an area."""
    one = Counsellor(name=f"{name}{next(_numbers)}", password_hash="x", created_at=clock.now())
    saved(db, one)
    if role:
        roles.grant(db, None, one.id, role, scope)
    found = roles.staff(db, one.id)
    assert found is not None
    return found


def make_person(
    db: Session, area: str = "210106001", name: str = "张测试", phone: str = "13800138000"
) -> Person:
    """A person of the office's record, without a registration."""
    ring = key_ring()
    return saved(
        db,
        Person(
            name_sealed=ring.seal(name, "people.name"), name_digest=ring.digest(name, "people.name"),
            phone_sealed=ring.seal(phone, "people.phone"),
            phone_digest=ring.digest(phone, "people.phone"), region_code=area,
            district_code=area[:6], source="desk", as_of=clock.today(), created_at=clock.now(),
        ),
    )  # fmt: skip


def make_registered(
    db: Session, area: str = "210106001", since: date = date(2026, 3, 2), name: str = "张测试"
) -> tuple[Person, Registration]:
    """A registered person."""
    person = make_person(db, area, name)
    return person, registrations.register(db, person, since, "合同期满", "desk")
