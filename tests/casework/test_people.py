from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import entries, verify
from bot.casework import contacts, links, people
from bot.casework.errors import NotVisible, WrongState
from bot.casework.identity import (
    KeyRing,
    SealBroken,
    birth_year,
    is_id_number,
    key_ring,
    plain_phone,
    sex,
)
from bot.casework.people import Filters
from bot.casework.roles import Staff
from bot.db.tables import Person, PersonLink
from tests.casework.people import make_person, make_registered, make_staff
from tests.factories import make_seeker, saved


def test_a_list_shows_nobodys_name_or_number(office: Session, clerk: Staff) -> None:
    make_registered(office, name="欧阳测试")
    (row,) = people.page(office, clerk, Filters()).rows
    assert (row.label, row.state, row.area) == ("欧*** · 8000", "登记中", "昆明湖街道")


def test_what_is_stored_is_sealed(office: Session) -> None:
    person = make_person(office, name="张测试", phone="13800138000")
    raw = [person.name_sealed, person.phone_sealed or ""]
    assert not any(word in one for one in raw for word in ("张测试", "13800138000"))


@pytest.mark.parametrize("query", ["张测试", "13800138000", "138 0013 8000", "+8613800138000"])
def test_a_whole_name_or_telephone_finds(office: Session, clerk: Staff, query: str) -> None:
    person = make_person(office)
    make_person(office, name="李测试", phone="13900139000")
    found = people.page(office, clerk, Filters(query=query)).rows
    assert [one.id for one in found] == [person.id]


def test_pages_follow_each_other(office: Session, clerk: Staff) -> None:
    numbers = [make_person(office, name=f"人{n}").id for n in range(5)]
    first = people.page(office, clerk, Filters(), limit=3)
    second = people.page(office, clerk, Filters(), first.after, limit=3)
    assert [one.id for one in (*first.rows, *second.rows)] == numbers
    assert second.after is None


def test_each_look_is_a_row_of_the_log(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    card = people.view(office, clerk, person.id, "每月联系")
    assert (card.name, card.phone_tail) == ("张测试", "8000")
    assert people.phone(office, clerk, person.id, "打电话") == "13800138000"
    with pytest.raises(WrongState):
        people.id_number(office, clerk, person.id, "核对")
    log = entries(office, "person", str(person.id))
    assert [(one.action, one.purpose) for one in log] == [
        ("view_phone", "打电话"), ("view", "每月联系"),
    ]  # fmt: skip
    assert all(one.actor == f"counsellor:{clerk.id}" for one in log)
    assert verify(office).intact


def test_a_look_that_is_refused_shows_nothing(office: Session) -> None:
    person, _ = make_registered(office)
    stranger = make_staff(office, "外", "street", "210106003")
    for look in (people.view, people.phone, people.id_number):
        with pytest.raises(NotVisible):
            look(office, stranger, person.id, "看看")


def test_community_staff_see_no_identity_numbers(office: Session) -> None:
    person = make_person(office)
    person.id_number_sealed = key_ring().seal("11010519491231002X", "people.id_number")
    helper = make_staff(office, "协理", "community", "210106001")
    with pytest.raises(NotVisible):
        people.id_number(office, helper, person.id, "看看")


def test_filters_narrow(office: Session, clerk: Staff) -> None:
    one, _ = make_registered(office, name="甲")
    two, _ = make_registered(office, name="乙")
    make_person(office, name="丙")
    contacts.record(office, clerk, one.id, "phone", "refused")
    contacts.record(office, clerk, two.id, "phone", "no_answer")

    def ids(**given: object) -> list[int]:
        return [row.id for row in people.page(office, clerk, Filters(**given)).rows]  # type: ignore[arg-type]

    assert ids(state="active") == [one.id, two.id]
    assert ids(uncovered=True) == [two.id]
    assert ids(area="210106001") == [one.id, two.id, two.id + 1]
    assert ids(area="210104") == []
    assert people.total(office, clerk, Filters(state="active")) == "2"


def test_a_sealed_value_is_of_its_column_and_key() -> None:
    old, new = KeyRing.from_secrets([b"old"]), KeyRing.from_secrets([b"new", b"old"])
    sealed = old.seal("张测试", "people.name")
    assert new.open(sealed, "people.name") == "张测试"
    assert new.digest("x", "c") == old.digest("x", "c")
    with pytest.raises(SealBroken):
        new.open(sealed, "people.phone")
    with pytest.raises(SealBroken):
        KeyRing.from_secrets([b"other"]).open(sealed, "people.name")
    with pytest.raises(SealBroken):
        old.open(new.seal("张测试", "people.name"), "people.name")


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),  # check digit
        ("110105194913310024", False),  # no such month
        ("21010219621305001X", False),
        ("110105194912310", False),  # fifteen digits
    ],
)
def test_identity_numbers_are_checked_by_date_and_digit(number: str, right: bool) -> None:
    assert is_id_number(number, date(2026, 11, 29)) is right


def test_an_identity_number_tells_year_and_sex() -> None:
    assert (birth_year("11010519491231002X"), sex("11010519491231002X")) == (1949, "女")


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("138-0013-8000", "13800138000"), ("024-23456789", "024-23456789"),
        ("02423456789", "02423456789"), ("12345", None), ("", None),
    ],
)  # fmt: skip
def test_telephones_are_read(written: str, plain: str | None) -> None:
    assert plain_phone(written) == plain


def test_a_code_of_the_desk_joins_a_seeker_once(office: Session, clerk: Staff) -> None:
    person, seeker = make_person(office), saved(office, make_seeker())
    code = links.hand_out(office, clerk, person.id)
    assert not office.scalars(select(Person).where(Person.name_sealed.contains(code))).all()
    assert links.confirm(office, seeker.id, "00000000") is None
    assert links.confirm(office, seeker.id, code) == person.id
    assert links.confirm(office, seeker.id, code) is None
    assert links.persons_of(office, seeker.id) == [person.id]
    assert people.view(office, clerk, person.id, "x").linked
    assert links.end(office, seeker.id) == 1
    assert links.persons_of(office, seeker.id) == []
    assert office.get(Person, person.id) is not None


def test_a_code_holds_for_half_an_hour_and_only_the_newest(office: Session, clerk: Staff) -> None:
    person, seeker = make_person(office), saved(office, make_seeker())
    first = links.hand_out(office, clerk, person.id)
    second = links.hand_out(office, clerk, person.id)
    assert links.confirm(office, seeker.id, first) is None
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert links.confirm(office, seeker.id, second) is None
    assert office.scalars(select(PersonLink.state)).all() == ["ended", "proposed"]
