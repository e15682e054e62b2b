"""Invented people and staff for the demo, so that every page of the console has something to show.

All are called 示范 and have numbers that belong to no person; the record says so in `source`.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, focus, plans, registrations, roles
from bot.casework.areas import add_locality
from bot.casework.contacts import NewNeed
from bot.casework.identity import key_ring
from bot.casework.roles import Staff
from bot.casework.schedule import run_due
from bot.db.tables import (
    Counsellor,
    Household,
    HouseholdMember,
    Person,
    PersonGroup,
    Registration,
)
from bot.handoff import accounts
from bot.unanswered.record import record_question

#: Name, role, area: one of each kind, two who may review each other.
STAFF = (
    ("示范社区协理", "community", "210106001001"), ("示范街道经办", "street", "210106001"),
    ("示范指导师", "counsellor", "210106"), ("示范区主任", "district", "210106"),
    ("示范副主任", "district", "210106"), ("示范市管理", "manager", "2101"),
    ("示范审岗", "reviewer", "210106"), ("示范编辑", "editor", "21"),
    ("示范运维", "operator", ""), ("示范审计", "auditor", "21"),
)  # fmt: skip
#: Communities of the demo's street, invented.
COMMUNITIES = (("210106001001", "示范一社区"), ("210106001002", "示范二社区"))
AREAS = ("210106001001", "210106001002", "210106001", "210106003", "210104002")
_CAUSES = ("合同期满", "单位裁员", "个人原因", "企业关闭")
_NEEDS = (
    ("job", "想干保洁，离家近"), ("job", "会开叉车"), ("training", "想学月嫂"),
    ("startup", "想开个小店"), ("aid", "家里困难"),
)  # fmt: skip
#: Questions that nobody asked, for the page 没答上.
_QUESTIONS = (
    ("no_policy", "取暖费补贴找谁领"), ("no_policy", "取暖费补贴在哪领"),
    ("out_of_scope", "驾照到期在哪换"), ("unclear", "那个卡咋整"),
)  # fmt: skip
#: How many people.
PEOPLE = 60


@dataclass(frozen=True)
class CaseworkDemo:
    """People made and passwords of the staff."""

    people: int
    passwords: tuple[tuple[str, str], ...]
    """Name and password of each member of staff: told once."""


def add_demo(db: Session) -> CaseworkDemo | None:
    """Make the demo, the same every time but for passwords; None when people or staff are there."""
    if db.scalar(select(Person.id).limit(1)) or db.scalar(select(Counsellor.id).limit(1)):
        return None
    for code, name in COMMUNITIES:
        add_locality(db, code, name)
    staff, passwords = _staff(db)
    chance = random.Random(20261129)
    people = [_person(db, chance, number) for number in range(PEOPLE)]
    run_due(db, clock.now())
    street, head = staff["street"], staff["district"]
    street_people = [person for person, _ in people if person.region_code.startswith("210106001")]
    _contacts(db, chance, street, street_people)
    _groups(db, people[:12])
    _household(db, street_people[:2])
    _plan(db, head, street_people[2])
    _focus(db, head, street_people[2:9])
    _exits(
        db,
        street,
        [
            registration
            for _, registration in people
            if registration.person_id in {p.id for p in street_people[3:5]}
        ],
    )
    for kind, question in _QUESTIONS:
        record_question(db, kind, question, "210106")
    return CaseworkDemo(len(people), tuple(passwords))


def _staff(db: Session) -> tuple[dict[str, Staff], list[tuple[str, str]]]:
    staff_by_role: dict[str, Staff] = {}
    passwords = []
    for name, role, scope in STAFF:
        password = secrets.token_urlsafe(9)
        number = accounts.add(db, name, password).id
        roles.grant(db, None, number, role, scope)
        member = roles.staff(db, number)
        if member is not None:
            staff_by_role.setdefault(role, member)
        passwords.append((name, password))
    return staff_by_role, passwords


def _person(db: Session, chance: random.Random, number: int) -> tuple[Person, Registration]:
    ring, name = key_ring(), f"示范{chr(0x7532 + number % 3)}{number:03d}"
    phone = f"1990000{number:04d}"
    area = AREAS[number % len(AREAS)]
    person = Person(
        name_sealed=ring.seal(name, "people.name"), name_digest=ring.digest(name, "people.name"),
        phone_sealed=ring.seal(phone, "people.phone"),
        phone_digest=ring.digest(phone, "people.phone"), birth_year=1966 + number % 38,
        sex=chance.choice("男女"), region_code=area, district_code=area[:6], source="demo",
        as_of=clock.today(), created_at=clock.now(),
    )  # fmt: skip
    db.add(person)
    db.flush()
    since = clock.today() - timedelta(days=chance.randint(20, 400))
    return person, registrations.register(db, person, since, chance.choice(_CAUSES), "demo")


def _contacts(db: Session, chance: random.Random, me: Staff, people: Sequence[Person]) -> None:
    outcomes = ("reached", "reached", "refused", "no_answer", "wrong_number")
    for person in people[5:20]:
        needs = [NewNeed(*chance.choice(_NEEDS))]
        outcome = chance.choice(outcomes)
        new_needs = needs if outcome == "reached" else []
        contacts.record(db, me, person.id, "phone", outcome, "示范", None, new_needs)


def _groups(db: Session, people: Sequence[tuple[Person, Registration]]) -> None:
    kinds = ("disabled", "low_income", "near_retirement")
    for number, (person, _) in enumerate(people):
        db.add(
            PersonGroup(
                person_id=person.id, kind=kinds[number % 3], basis="示范凭据",
                valid_from=clock.today(), state="to_verify" if number % 2 else "verified",
                source="demo",
            )
        )  # fmt: skip
    db.flush()


def _household(db: Session, people: Sequence[Person]) -> None:
    home = Household(
        number="示范-1", region_code=people[0].region_code, district_code="210106",
        opened_on=clock.today(), state="zero",
    )  # fmt: skip
    db.add(home)
    db.flush()
    for person in people:
        db.add(HouseholdMember(household_id=home.id, person_id=person.id, employed=False))
    db.flush()


def _plan(db: Session, me: Staff, person: Person) -> None:
    contacts.add_need(db, me, person.id, NewNeed("training", "想学月嫂"))
    made = plans.create(db, me, person.id, plans.draft(db, me, person.id).steps)
    plans.agree(db, me, made.id, "desk")


def _focus(db: Session, me: Staff, people: Sequence[Person]) -> None:
    """Enter people for the kinds that need no warned firm: told, not told yet, one who objects."""
    kinds = ("hardship", "graduate", "rural", "relief")
    for number, person in enumerate(people):
        entry = focus.enter(db, me, person, kinds[number % len(kinds)], "示范名单")
        if number == 1:
            focus.object_to(db, me, entry.id, "phone", "示范：不想接电话")
        elif number % 3 != 2:
            focus.inform(db, me, entry.id, "phone")


def _exits(db: Session, me: Staff, open_registrations: Sequence[Registration]) -> None:
    registrations.propose_exit(db, me, open_registrations[0].id, "employed", "示范劳动合同")
    registrations.note_forbidden(
        db, open_registrations[1], "refused_3", me.id, "示范表第3行", violation=True
    )
