"""Who sees what: the predicate of every list, and PostgreSQL's policies of rows behind it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, text, true
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, people, registrations, scope, tasks, transfers
from bot.casework.areas import add_locality
from bot.casework.contacts import make_monthly_tasks
from bot.casework.errors import NotPermitted, NotVisible, WrongState
from bot.casework.people import Filters
from bot.casework.roles import LEDGER, NUMBERS, PEOPLE, REVIEW, ROLES, Grant, Staff
from bot.db.tables import (
    Base,
    ExportedPerson,
    Household,
    HouseholdMember,
    Need,
    Person,
    Transfer,
)
from bot.list_exports import exports, sheets
from tests.casework.people import make_registered, make_staff
from tests.factories import saved
from tests.profiles import size

AREAS = (
    "210106001001", "210106001002", "210106001", "210106003", "210106003001", "210106",
    "210104002", "210104", "210202001", "210202001001", "210202",
)  # fmt: skip
#: Everything that lists, shows or counts people: each returns the numbers of the people it shows.
Probe = Callable[[Session, Staff, Person], set[int]]


def _listed(db: Session, me: Staff, one: Person) -> set[int]:
    found = {row.id for row in people.page(db, me, Filters(), limit=500).rows}
    assert people.total(db, me, Filters()) == str(len(found))
    return found


def _searched(db: Session, me: Staff, one: Person) -> set[int]:
    found = people.page(db, me, Filters(query="张测试", state="active"), limit=500).rows
    return {row.id for row in found}


def _uncovered(db: Session, me: Staff, one: Person) -> set[int]:
    return {row.id for row in people.page(db, me, Filters(uncovered=True), limit=500).rows}


def _by_area(db: Session, me: Staff, one: Person) -> set[int]:
    """Asking for another area's list gives nothing of it."""
    rows = people.page(db, me, Filters(area=one.region_code), limit=500).rows
    return {row.id for row in rows}


def _seen(db: Session, me: Staff, one: Person) -> set[int]:
    try:
        return {people.view(db, me, one.id, "试").id}
    except NotVisible:
        return set()


def _telephone(db: Session, me: Staff, one: Person) -> set[int]:
    try:
        people.phone(db, me, one.id, "试")
    except NotVisible:
        return set()
    return {one.id}


def _today(db: Session, me: Staff, one: Person) -> set[int]:
    return {row.person_id for row in tasks.page(db, me, limit=500).rows if row.person_id}


def _persons_tasks(db: Session, me: Staff, one: Person) -> set[int]:
    return {row.person_id for row in tasks.of_person(db, me, one.id) if row.person_id}


def _to_review(db: Session, me: Staff, one: Person) -> set[int]:
    return {row.person_id for row in registrations.proposals(db, me)}


def _exported(db: Session, me: Staff, one: Person, kind: str) -> set[int]:
    """Whom an export names, as it was asked for and as its file has it."""
    try:
        made = exports.request(db, me, kind, {"area": one.region_code[:4]}, "试一试")
    except (NotPermitted, WrongState):  # no role for it, or an empty list
        return set()
    named = {row.person_id for row in sheets.lines_of(db, me, kind, {})} - {None}
    kept = db.scalars(
        select(ExportedPerson.person_id).where(ExportedPerson.export_id == made.id)
    ).all()
    return {number for number in (*named, *kept) if number is not None}


def _exported_people(db: Session, me: Staff, one: Person) -> set[int]:
    return _exported(db, me, one, "people")


def _exported_ledger(db: Session, me: Staff, one: Person) -> set[int]:
    return _exported(db, me, one, "ledger")


def _exported_tasks(db: Session, me: Staff, one: Person) -> set[int]:
    return _exported(db, me, one, "tasks")


def _exported_exits(db: Session, me: Staff, one: Person) -> set[int]:
    return _exported(db, me, one, "exits")


def _transfers(db: Session, me: Staff, one: Person) -> set[int]:
    """Whose transfers are listed, but for those to one's own area."""
    own = me.scopes(LEDGER) or ("-",)
    rows = transfers.listing(db, me)
    return {row.person_id for row in rows if not row.to_code.startswith(own)}


def _moved(db: Session, me: Staff, one: Person) -> set[int]:
    """Whom one can hand over to another area."""
    try:
        made = transfers.hand_over(db, me, one.id, "210804001", "试一试")
    except (NotVisible, WrongState):
        return set()
    made.state = "withdrawn"
    db.flush()
    return {one.id}


PROBES: dict[Probe, str] = {
    _listed: PEOPLE, _searched: PEOPLE, _uncovered: PEOPLE, _by_area: PEOPLE, _seen: PEOPLE,
    _telephone: PEOPLE, _today: PEOPLE, _persons_tasks: PEOPLE, _to_review: REVIEW,
    _exported_people: PEOPLE, _exported_ledger: LEDGER, _exported_tasks: PEOPLE,
    _exported_exits: REVIEW, _transfers: LEDGER, _moved: LEDGER,
}  # fmt: skip


@pytest.fixture
def everybody(office: Session) -> list[Person]:
    """Two people in each of eleven areas, each with a task and an exit that waits."""
    for code in AREAS:
        if len(code) == 12:
            add_locality(office, code, f"第{code[-1]}社区")
    proposer = make_staff(office, "提出人", "district", "210106")
    everywhere = Staff(proposer.id, "", tuple(Grant(0, "district", one) for one in ("21",)))
    found = []
    for area in AREAS * 2:
        person, registration = make_registered(office, area)
        found.append(person)
        registrations.propose_exit(office, everywhere, registration.id, "employed", "合同")
        registration.state = "active" if len(found) % 3 else registration.state
        office.flush()
    office.execute(text("update registrations set state = 'active'"))
    make_monthly_tasks(office, clock.today())
    office.execute(text("update registrations set state = 'exit_proposed' where id % 3 = 0"))
    office.expire_all()
    for person in found[: len(AREAS)]:
        saved(office, Transfer(
            person_id=person.id, from_code=person.region_code, to_code="210804001",
            direction="out", reason="户口迁走", state="proposed", proposed_by=proposer.id,
            proposed_at=clock.now(), note="",
        ))  # fmt: skip
    return found


def somebody(chance: random.Random, number: int) -> Staff:
    """A member of staff with up to three random roles."""
    grants = []
    for at in range(chance.randint(0, 3)):
        role = chance.choice(list(ROLES))
        levels = {"province": 2, "city": 4, "district": 6, "street": 9, "community": 12}
        digits = [levels[one] for one in ROLES[role].levels]
        area = chance.choice([one for one in AREAS if len(one) == 12])
        grants.append(Grant(at, role, area[: chance.choice(digits)] if digits else ""))
    return Staff(number, "谁", tuple(grants))


def foreign(db: Session, everybody: list[Person], pairs: int, probes: list[Probe]) -> list[str]:
    """Try random members of staff on random probes; return what was shown of other areas."""
    chance = random.Random(20261129)
    areas = {one.id: one.region_code for one in everybody}
    wrong = []
    account = make_staff(db, "探针").id
    for _ in range(pairs):
        me, probe = somebody(chance, account), chance.choice(probes)
        shown = probe(db, me, chance.choice(everybody))
        scopes = me.scopes(PROBES[probe])
        wrong += [
            f"{probe.__name__}: {scopes} saw {areas[one]}"
            for one in shown
            if not any(areas[one].startswith(scope) for scope in scopes)
        ]
    return wrong


def test_no_random_role_sees_a_row_of_another_area(
    office: Session, everybody: list[Person]
) -> None:
    assert foreign(office, everybody, size(80, 10_000), list(PROBES)) == []


def test_each_role_sees_all_of_its_own_area(office: Session, everybody: list[Person]) -> None:
    for scopes in (("210106",), ("210106001",), ("210106001001", "210202"), ("2101",)):
        me = Staff(1, "", tuple(Grant(0, "district", one) for one in scopes))
        own = {one.id for one in everybody if one.region_code.startswith(scopes)}
        assert own
        assert _listed(office, me, everybody[0]) == own
        assert _today(office, me, everybody[0]) == own


#: Where a predicate is asked for, and a probe that shows it when it is not.
MUTANTS: tuple[tuple[object, Probe], ...] = (
    (people, _listed), (tasks, _today), (tasks, _persons_tasks), (registrations, _to_review),
    (scope, _seen), (scope, _telephone), (people, _exported_people),
    (sheets, _exported_ledger), (tasks, _exported_tasks), (registrations, _exported_exits),
    (transfers, _transfers), (scope, _moved),
)  # fmt: skip


def test_a_predicate_dropped_in_one_place_is_caught(
    office: Session, everybody: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, probe in MUTANTS:
        with monkeypatch.context() as mutant:
            mutant.setattr(module, "visible", lambda *_: true())
            assert foreign(office, everybody, 12, [probe]) != [], probe.__name__


def test_counts_by_area_are_those_of_the_own_one(office: Session, everybody: list[Person]) -> None:
    mine = Staff(1, "", (Grant(0, "district", "210106"),))
    with pytest.raises(NotPermitted):
        contacts.coverage(office, mine, clock.today(), "210104")
    with pytest.raises(NotPermitted):
        contacts.coverage(office, mine, clock.today(), "2101")
    total = contacts.coverage(office, mine, clock.today(), "210106")[-1]
    assert total.due == sum(one.district_code == "210106" for one in everybody)


def test_every_table_that_hangs_on_a_person_has_its_predicate() -> None:
    """A new table of people is found here, not by a leak."""
    personal = {"people"}
    while True:
        more = {
            table.name
            for table in Base.metadata.sorted_tables
            if any(key.column.table.name in personal for key in table.foreign_keys)
        }
        if more <= personal:
            break
        personal |= more
    me = Staff(1, "", (Grant(0, "district", "210106"),))
    mapped = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
    for name in sorted(personal):
        assert scope.visible(me, mapped[name]) is not None


@pytest.fixture
def guarded(office: Session, everybody: list[Person]) -> Session:
    """The tables owned by a plain user of PostgreSQL, as an installation's are: no superuser.

    SQLite has no policies of rows, so the tests that use it name PostgreSQL.
    """
    home = saved(office, Household(
        number="1", region_code="210106001", district_code="210106", opened_on=date(2026, 1, 1),
        state="zero",
    ))  # fmt: skip
    for one in everybody:
        saved(office, Need(person_id=one.id, kind="job", detail="", state="current", source="desk",
                           as_of=date(2026, 1, 1)))  # fmt: skip
        saved(office, HouseholdMember(household_id=home.id, person_id=one.id, employed=False))
    if not office.scalar(text("select 1 from pg_roles where rolname = 'jiuye_plain'")):
        office.execute(text("create role jiuye_plain nologin"))
    for table in Base.metadata.sorted_tables:
        office.execute(text(f"alter table {table.name} owner to jiuye_plain"))
    office.execute(text("set local role jiuye_plain"))
    return office


def _areas_shown(db: Session, table: str) -> set[str]:
    return set(db.scalars(text(f"select distinct p.region_code from {table}")))


ON_POSTGRESQL = pytest.mark.parametrize("office_url", ["postgresql"], indirect=True)
#: Queries that forgot the predicate.
FORGETFUL = (
    "people p", "registrations r join people p on p.id = r.person_id",
    "needs n join people p on p.id = n.person_id",
    "household_members h join people p on p.id = h.person_id",
    "registration_events e join registrations r on r.id = e.registration_id"
    " join people p on p.id = r.person_id",
    "tasks p",
)  # fmt: skip


@ON_POSTGRESQL
def test_the_policies_of_rows_say_it_a_second_time(guarded: Session) -> None:
    mine = Staff(1, "", (Grant(0, "street", "210106001"), Grant(1, "community", "210202001001")))
    scope.narrow(guarded, mine)
    for query in FORGETFUL:
        shown = _areas_shown(guarded, query)
        assert shown == {"210106001", "210106001001", "210106001002", "210202001001"}, query
    count = "select count(*) from registration_events where registration_id not in (select id from registrations)"
    assert guarded.scalar(text(count)) == 0


@ON_POSTGRESQL
def test_without_a_scope_the_policies_show_nothing(guarded: Session) -> None:
    for scopes in ("", "-"):
        guarded.execute(
            text("select set_config('jiuye.scopes', :scopes, true)"), {"scopes": scopes}
        )
        for query in FORGETFUL:
            assert _areas_shown(guarded, query) == set()
    guarded.execute(text("select set_config('jiuye.scopes', '*', true)"))
    assert guarded.scalar(text("select count(*) from people")) == 2 * len(AREAS)


@ON_POSTGRESQL
def test_nothing_can_be_written_into_another_area(guarded: Session) -> None:
    scope.narrow(guarded, Staff(1, "", (Grant(0, "street", "210106003"),)))
    moved = guarded.execute(text("update people set region_code = '210106003'"))
    assert moved.rowcount == sum(one.startswith("210106003") for one in AREAS) * 2
    with pytest.raises(Exception, match="row-level security"), guarded.begin_nested():
        guarded.execute(text("update people set region_code = '210104002'"))


def test_a_role_permits_what_it_says(office: Session) -> None:
    mine = make_staff(office, "王", "street", "210106001")
    assert mine.scopes(LEDGER) == ("210106001",)
    assert mine.scopes(NUMBERS) == ("210106001",)
    assert not mine.may(REVIEW)
    assert mine.may(PEOPLE, "210106001001")
    assert not mine.may(PEOPLE, "210106")
    assert select(Person.id).where(scope.visible(Staff(1, "", ()), Person)) is not None
