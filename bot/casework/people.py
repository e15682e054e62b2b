"""People of the office's record: lists by area, search, and the whole of one person.

A list shows 张** · 3211. A look at one person, at their telephone or identity number is a row of
the log of looks (bot/audit), written in the transaction that reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.areas import names_of
from bot.casework.contacts import COVERING, NEED_KINDS, OUTCOMES, WAYS, WISHES
from bot.casework.duty_store import items
from bot.casework.errors import WrongState
from bot.casework.identity import key_ring, masked_name, masked_phone, plain_id_number, plain_phone
from bot.casework.registrations import OVER, STATES, RegistrationHistoryEvent, events
from bot.casework.roles import IDENTITY, PEOPLE, Staff
from bot.casework.scope import bool_column, count, get, visible, within
from bot.casework.tasks import TaskRow, of_person
from bot.clock import CHINA
from bot.db.tables import (
    Contact,
    ContactWish,
    Counsellor,
    Household,
    HouseholdMember,
    Need,
    Person,
    PersonGroup,
    PersonLink,
    Registration,
)
from bot.wording import wording

_SAY = wording("casework")

#: Rows of one page.
PAGE = 50
#: More are counted as `10,000+`, or `2,000+` where each row asks another table as well.
COUNTED, COUNTED_NARROWED = 10_000, 2_000
#: The newest contacts that a person's page shows.
CONTACTS = 20


@dataclass(frozen=True)
class Filters:
    """Conditions that a list of people is narrowed by."""

    query: str = ""
    """A whole name, a telephone or an identity number."""
    area: str = ""
    state: str = ""
    group: str = ""
    uncovered: bool = False
    """Only those registered who were not covered this month."""


@dataclass(frozen=True)
class PersonRow:
    """A person as a list shows them."""

    id: int
    label: str
    area: str
    sex: str
    birth_year: int | None
    state: str
    groups: tuple[str, ...]
    last_contact: str
    """Day and outcome of the newest contact; empty before the first."""


@dataclass(frozen=True)
class PeoplePage:
    """A page of people."""

    rows: tuple[PersonRow, ...]
    after: int | None
    """The number after which the next page begins; None on the last one."""


@dataclass(frozen=True)
class ContactLine:
    """A contact as a person's page shows it."""

    at: datetime
    way: str
    outcome: str
    by: str
    note: str


@dataclass(frozen=True)
class RegistrationCard:
    """A registration with its events."""

    id: int
    number: str
    registered_on: date
    cause: str
    state_code: str
    state: str
    source: str
    as_of: date
    events: tuple[RegistrationHistoryEvent, ...]


@dataclass(frozen=True)
class NeedLine:
    """A need."""

    id: int
    kind: str
    detail: str
    state: str
    as_of: date


@dataclass(frozen=True)
class GroupLine:
    """A group with the document that it rests on."""

    label: str
    basis: str
    valid_from: date
    valid_to: date | None
    state: str


@dataclass(frozen=True)
class PersonCard:
    """Whole record of a person at the office."""

    id: int
    name: str
    phone_tail: str
    """The last four digits; the whole number is another look."""
    has_id_number: bool
    sex: str
    birth_year: int | None
    region_code: str
    area: str
    source: str
    as_of: date
    registrations: tuple[RegistrationCard, ...]
    groups: tuple[GroupLine, ...]
    households: tuple[str, ...]
    needs: tuple[NeedLine, ...]
    wish: str
    """The wish for contacts in words; empty when there is none on record."""
    contacts: tuple[ContactLine, ...]
    tasks: tuple[TaskRow, ...]
    linked: bool
    """Whether a seeker of the chat is joined with the record."""


def page(
    db: Session, me: Staff, filters: Filters, after: int | None = None, limit: int = PAGE
) -> PeoplePage:
    """Return a page of the people in one's areas, by their numbers."""
    query = select(Person).where(_condition(db, me, filters))
    if after is not None:
        query = query.where(Person.id > after)
    rows = db.scalars(query.order_by(Person.id).limit(limit + 1)).all()
    people = rows[:limit]
    mark = people[-1].id if len(rows) > limit else None
    return PeoplePage(tuple(_rows(db, list(people))), mark)


def total(db: Session, me: Staff, filters: Filters) -> str:
    """Return how many people a list has; what is beyond the limit is not counted."""
    is_narrowed = bool(filters.state or filters.group or filters.uncovered)
    limit = COUNTED_NARROWED if is_narrowed else COUNTED
    number = count(db, _condition(db, me, filters), Person, limit)
    return f"{limit:,}+" if number > limit else f"{number:,}"


def view(db: Session, me: Staff, number: int, purpose: str) -> PersonCard:
    """Return all of a person; the look is logged. Raises NotVisible."""
    person: Person = get(db, me, Person, number)
    card = _card(db, me, person)
    _log(db, me, "view", person, purpose)
    return card


def phone(db: Session, me: Staff, number: int, purpose: str) -> str:
    """Return a person's telephone; the look is logged. Raises NotVisible, WrongState."""
    person: Person = get(db, me, Person, number)
    if person.phone_sealed is None:
        raise WrongState(_SAY("no_phone"))
    opened = key_ring().open(person.phone_sealed, "people.phone")
    _log(db, me, "view_phone", person, purpose)
    return opened


def id_number(db: Session, me: Staff, number: int, purpose: str) -> str:
    """Return a person's identity number; the look is logged. Raises NotVisible, WrongState."""
    person: Person = get(db, me, Person, number, IDENTITY)
    if person.id_number_sealed is None:
        raise WrongState(_SAY("no_id_number"))
    opened = key_ring().open(person.id_number_sealed, "people.id_number")
    _log(db, me, "view_id_number", person, purpose)
    return opened


def group_labels(db: Session, area: str = "21") -> dict[str, str]:
    """Return the kinds of hardship as they are called today."""
    return {item.code: item.label for item in items(db, "hardship_kinds", area, clock.today())}


def _condition(db: Session, me: Staff, filters: Filters) -> ColumnElement[bool]:
    conditions = [visible(me, Person)]
    if filters.area:
        conditions.append(within(Person.region_code, filters.area))
    if filters.query.strip():
        conditions.append(_identity_condition(filters.query.strip()))
    registered = [Registration.person_id == Person.id]
    if filters.state:
        registered.append(Registration.state == filters.state)
    if filters.uncovered:
        registered.append(Registration.state.not_in(OVER))
        conditions.append(~_covered_this_month())
    if len(registered) > 1:
        conditions.append(exists(select(Registration.id).where(*registered)))
    if filters.group:
        belongs = and_(
            PersonGroup.person_id == Person.id, PersonGroup.kind == filters.group,
            PersonGroup.state != "ended",
        )  # fmt: skip
        conditions.append(exists(select(PersonGroup.id).where(belongs)))
    return and_(*conditions)


def _identity_condition(query: str) -> ColumnElement[bool]:
    ring = key_ring()
    options = [bool_column(Person.name_digest == ring.digest(query, "people.name"))]
    number = plain_phone(query)
    if number:
        options.append(bool_column(Person.phone_digest == ring.digest(number, "people.phone")))
    identity = plain_id_number(query)
    if len(identity) == 18:
        digest = ring.digest(identity, "people.id_number")
        options.append(bool_column(Person.id_number_digest == digest))
    return or_(*options)


def _covered_this_month() -> ColumnElement[bool]:
    first = datetime(clock.today().year, clock.today().month, 1, tzinfo=CHINA)
    return exists(
        select(Contact.id).where(
            Contact.person_id == Person.id, Contact.at >= first, Contact.outcome.in_(COVERING)
        )
    )


def _rows(db: Session, people: list[Person]) -> list[PersonRow]:
    ring, numbers = key_ring(), [person.id for person in people]
    areas = names_of(db, {person.region_code for person in people})
    kinds = group_labels(db)
    states, groups, last = _states(db, numbers), _groups(db, numbers), _last_contacts(db, numbers)
    rows = []
    for person in people:
        name = masked_name(ring.open(person.name_sealed, "people.name"))
        tail = (
            masked_phone(ring.open(person.phone_sealed, "people.phone"))
            if person.phone_sealed
            else ""
        )
        rows.append(
            PersonRow(
                person.id, f"{name} · {tail}" if tail else name, areas[person.region_code],
                person.sex or "", person.birth_year, states.get(person.id, ""),
                tuple(kinds.get(kind, kind) for kind in groups.get(person.id, ())),
                last.get(person.id, ""),
            )
        )  # fmt: skip
    return rows


def _states(db: Session, people: list[int]) -> dict[int, str]:
    query = select(Registration.person_id, Registration.state).where(
        Registration.person_id.in_(people)
    )
    return {person: STATES[state] for person, state in db.execute(query.order_by(Registration.id))}


def _groups(db: Session, people: list[int]) -> dict[int, list[str]]:
    query = select(PersonGroup.person_id, PersonGroup.kind).where(
        PersonGroup.person_id.in_(people), PersonGroup.state != "ended"
    )
    kinds_by_person: dict[int, list[str]] = {}
    for person, kind in db.execute(query.order_by(PersonGroup.id)):
        kinds_by_person.setdefault(person, []).append(kind)
    return kinds_by_person


def _last_contacts(db: Session, people: list[int]) -> dict[int, str]:
    """Return day and outcome of each person's newest contact."""
    newest = aliased(Contact)
    latest = select(func.max(newest.at)).where(newest.person_id == Contact.person_id)
    query = select(Contact.person_id, Contact.at, Contact.outcome).where(
        Contact.person_id.in_(people), Contact.at == latest.scalar_subquery()
    )
    return {
        person: f"{moment:%m-%d} {OUTCOMES[outcome]}"
        for person, moment, outcome in db.execute(query.order_by(Contact.id))
    }


def _card(db: Session, me: Staff, person: Person) -> PersonCard:
    ring = key_ring()
    kinds = group_labels(db, person.region_code)
    tail = masked_phone(
        ring.open(person.phone_sealed, "people.phone") if person.phone_sealed else None
    )
    groups = select(PersonGroup).where(PersonGroup.person_id == person.id)
    needs = select(Need).where(Need.person_id == person.id).order_by(Need.id.desc())
    return PersonCard(
        person.id, ring.open(person.name_sealed, "people.name"), tail,
        person.id_number_sealed is not None, person.sex or "", person.birth_year,
        person.region_code, names_of(db, {person.region_code})[person.region_code], person.source,
        person.as_of, tuple(_registrations(db, person)),
        tuple(
            GroupLine(
                kinds.get(row.kind, row.kind), row.basis, row.valid_from, row.valid_to, row.state
            )
            for row in db.scalars(groups.order_by(PersonGroup.id))
        ),
        tuple(_households(db, me, person.id)),
        tuple(
            NeedLine(row.id, NEED_KINDS[row.kind], row.detail, row.state, row.as_of)
            for row in db.scalars(needs)
        ),
        _wish(db, person.id), tuple(_contacts(db, person.id)), tuple(of_person(db, me, person.id)),
        _linked(db, person.id),
    )  # fmt: skip


def _registrations(db: Session, person: Person) -> list[RegistrationCard]:
    labels = {
        item.code: item.label
        for item in items(db, "exit_reasons", person.region_code, clock.today())
    }
    query = select(Registration).where(Registration.person_id == person.id)
    return [
        RegistrationCard(
            registration.id, registration.number or "", registration.registered_on,
            registration.cause, registration.state, STATES[registration.state], registration.source,
            registration.as_of, tuple(events(db, registration.id, labels)),
        )
        for registration in db.scalars(query.order_by(Registration.id.desc()))
    ]  # fmt: skip


def _households(db: Session, me: Staff, person_id: int) -> list[str]:
    query = (
        select(Household.number, Household.state)
        .join(HouseholdMember, HouseholdMember.household_id == Household.id)
        .where(HouseholdMember.person_id == person_id, visible(me, Household, PEOPLE))
    )
    states = {"zero": "零就业", "one_employed": "已有一人就业", "closed": "已销户"}
    return [f"{number}（{states[state]}）" for number, state in db.execute(query)]


def _wish(db: Session, person_id: int) -> str:
    query = select(ContactWish).where(ContactWish.person_id == person_id)
    newest = db.scalar(query.order_by(ContactWish.id.desc()).limit(1))
    if newest is None:
        return ""
    parts = [WISHES[newest.way], newest.hours, newest.assistance]
    return "，".join(part for part in parts if part)


def _contacts(db: Session, person_id: int) -> list[ContactLine]:
    query = (
        select(Contact, Counsellor.name)
        .outerjoin(Counsellor, Counsellor.id == Contact.counsellor_id)
        .where(Contact.person_id == person_id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(CONTACTS)
    )
    return [
        ContactLine(
            contact.at, WAYS[contact.way], OUTCOMES[contact.outcome], name or "机器人", contact.note
        )
        for contact, name in db.execute(query)
    ]


def _linked(db: Session, person_id: int) -> bool:
    query = select(PersonLink.id).where(
        PersonLink.person_id == person_id, PersonLink.state == "confirmed"
    )
    return db.scalar(query.limit(1)) is not None


def _log(db: Session, me: Staff, action: str, person: Person, purpose: str) -> None:
    append(
        db,
        Action(
            f"counsellor:{me.id}",
            action,
            "person",
            purpose or "查看",
            str(person.id),
            person.region_code,
        ),
    )
