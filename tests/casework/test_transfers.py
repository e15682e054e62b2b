"""Transfers: consent of both sides in the tables, scopes at each moment, what moves and stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, desk, people, registrations, tasks, transfers
from bot.casework.contacts import make_monthly_tasks
from bot.casework.desk import NewPerson
from bot.casework.errors import NotPermitted, NotVisible, SamePerson, WrongState
from bot.casework.people import Filters
from bot.casework.roles import Staff
from bot.db.tables import AuditEntry, Person, Task, Transfer
from tests.casework.people import make_registered, make_staff
from tests.casework.sheets import id_number

THERE = "210104002"


@pytest.fixture
def taker(office: Session) -> Staff:
    """A clerk of the street to which people move."""
    return make_staff(office, "孙接收", "street", THERE)


def sees(db: Session, me: Staff, person: Person) -> bool:
    """Whether a member of staff can open a person."""
    try:
        people.view(db, me, person.id, "试")
    except NotVisible:
        return False
    return person.id in {row.id for row in people.page(db, me, Filters()).rows}


def at_desk(db: Session, me: Staff, number: str = "", area: str = "210106001") -> Person:
    """A person registered with a name and an identity number."""
    return desk.add_person(db, me, NewPerson(
        "张测试", number or id_number(401), "13800138000", area, clock.today(), ""
    ))  # fmt: skip


def test_the_old_area_keeps_the_person_until_the_new_one_agrees(
    office: Session, clerk: Staff, taker: Staff
) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    assert (sees(office, clerk, person), sees(office, taker, person)) == (True, False)
    (row,) = transfers.listing(office, taker)
    assert (row.person, row.is_here, row.may_decide) == ("张** · 8000", False, True)
    transfers.accept(office, taker, made.id)
    assert (sees(office, clerk, person), sees(office, taker, person)) == (False, True)
    (left,) = transfers.listing(office, clerk)
    assert (left.person, left.is_here, left.state) == ("", False, "accepted")
    (step,) = transfers.history(office, person.id)
    assert (step.from_name, step.proposed_by, step.decided_by) == (
        "昆明湖街道", clerk.name, taker.name,
    )  # fmt: skip


def test_the_new_area_asks_by_name_and_number(office: Session, clerk: Staff, taker: Staff) -> None:
    person = at_desk(office, clerk)
    for number, name in ((id_number(402), "张测试"), (id_number(401), "李测试")):
        with pytest.raises(WrongState, match="没有这个姓名和身份证号"):
            transfers.ask_for(office, taker, number, name, THERE, "常住地变了")
    made = transfers.ask_for(office, taker, id_number(401), "张测试", THERE, "常住地变了")
    with pytest.raises(NotPermitted):
        transfers.accept(office, make_staff(office, "同街道", "street", THERE), made.id)
    with pytest.raises(SamePerson):
        transfers.accept(office, taker, made.id)
    transfers.accept(office, clerk, made.id)
    assert sees(office, taker, person)


def test_who_is_elsewhere_is_led_to_the_transfer(
    office: Session, clerk: Staff, taker: Staff
) -> None:
    at_desk(office, clerk)
    with pytest.raises(WrongState, match="转移"):
        at_desk(office, taker, area=THERE)


def test_what_is_open_moves_and_what_was_done_stays(
    office: Session, clerk: Staff, taker: Staff
) -> None:
    person, _ = make_registered(office)
    make_monthly_tasks(office, clock.today())
    contacts.record(office, clerk, person.id, "phone", "reached")
    verify = tasks.make(
        office, "v", "verify", person, tasks.Deadline(clock.now(), "", False), assignee_id=clerk.id
    )
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    transfers.accept(office, taker, made.id)
    office.expire_all()
    by_kind = {task.kind: task for task in office.scalars(select(Task))}
    assert by_kind["monthly_contact"].region_code == "210106001"
    assert (by_kind["verify"].region_code, by_kind["verify"].assignee_id) == (THERE, None)
    assert by_kind["transfer"].state == "done"
    assert len(people.view(office, taker, person.id, "试").contacts) == 1
    assert [row.id for row in tasks.page(office, taker).rows] == [verify.id]


def test_a_refusal_leaves_all_as_it_was(office: Session, clerk: Staff, taker: Staff) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    with pytest.raises(WrongState):
        transfers.refuse(office, taker, made.id, " ")
    transfers.refuse(office, taker, made.id, "人没来过")
    with pytest.raises(WrongState, match="已退回"):
        transfers.accept(office, taker, made.id)
    assert sees(office, clerk, person)
    transfers.hand_over(office, clerk, person.id, THERE, "这次来了")


def test_one_transfer_at_a_time_which_its_side_takes_back(
    office: Session, clerk: Staff, taker: Staff
) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    with pytest.raises(WrongState, match="等对方同意"):
        transfers.hand_over(office, clerk, person.id, "210202001", "又改了")
    with pytest.raises(NotPermitted):
        transfers.withdraw(office, taker, made.id)
    transfers.withdraw(office, clerk, made.id)
    assert tasks.page(office, taker).rows == ()


def test_an_exit_in_review_is_ended_first(office: Session, clerk: Staff, taker: Staff) -> None:
    person, registration = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    registrations.propose_exit(office, clerk, registration.id, "employed", "合同")
    with pytest.raises(WrongState, match="注销"):
        transfers.accept(office, taker, made.id)


def test_nobody_elsewhere_sees_or_decides_it(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    stranger = make_staff(office, "无关", "district", "210202")
    assert transfers.listing(office, stranger) == []
    for act in (transfers.accept, transfers.withdraw):
        with pytest.raises(NotVisible):
            act(office, stranger, made.id)


def test_no_sql_moves_a_person_to_another_district_without_both_sides(
    office: Session, clerk: Staff, taker: Staff
) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    move = f"update people set region_code = '{THERE}', district_code = '210104'"
    for change in (move, f"update people set region_code = '{THERE}'",
                   "update people set district_code = '210104'",
                   "update transfers set state = 'accepted'",
                   "update transfers set state = 'accepted', decided_by = proposed_by,"
                   " decided_at = proposed_at"):  # fmt: skip
        with pytest.raises(DBAPIError), office.begin_nested():
            office.execute(text(change))
    office.execute(text("update people set region_code = '210106003'"))  # within the district
    office.execute(text("update people set region_code = '210106001'"))
    office.expire_all()
    transfers.accept(office, taker, made.id)
    with pytest.raises(DBAPIError), office.begin_nested():  # it is no way back
        office.execute(
            text("update people set region_code = '210106001', district_code = '210106'")
        )


def test_each_step_is_a_trace(office: Session, clerk: Staff, taker: Staff) -> None:
    person, _ = make_registered(office)
    made = transfers.hand_over(office, clerk, person.id, THERE, "户口迁走")
    transfers.accept(office, taker, made.id)
    rows = office.execute(
        select(AuditEntry.action, AuditEntry.object_id, AuditEntry.scope)
        .where(AuditEntry.action.like("transfer%")).order_by(AuditEntry.position)
    ).all()  # fmt: skip
    way = f"210106001→{THERE}"
    assert [tuple(row) for row in rows] == [
        ("transfer_proposed", str(person.id), way), ("transfer_accepted", str(person.id), way),
    ]  # fmt: skip
    assert office.get_one(Transfer, made.id).decided_by == taker.id
