from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework import contacts, tasks
from bot.casework.contacts import NewNeed, make_monthly_tasks
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.casework.errors import NotPermitted, NotVisible, WrongState
from bot.casework.registrations import current
from bot.casework.roles import Staff
from bot.clock import CHINA
from bot.db.tables import Contact, Need, RegistrationEvent, Task
from bot.settings import ROOT
from tests.casework.people import make_person, make_registered, make_staff

DECEMBER = date(2026, 12, 1)


def test_on_the_first_each_registered_person_gets_a_task_once(office: Session) -> None:
    person, _ = make_registered(office)
    make_person(office)  # not registered: nothing to do
    assert make_monthly_tasks(office, DECEMBER).tasks == 1
    assert make_monthly_tasks(office, DECEMBER + timedelta(days=9)).tasks == 0
    task = office.scalars(select(Task)).one()
    assert (task.person_id, task.region_code, task.district_code) == (
        person.id,
        "210106001",
        "210106",
    )
    assert task.due_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=CHINA)
    assert "辽人社建〔2025〕21号" in task.rule
    assert make_monthly_tasks(office, date(2027, 2, 1)).tasks == 1


def test_twice_a_month_where_the_place_says_so_and_none_where_nothing_is_set(
    office: Session, tmp_path: Path
) -> None:
    (tmp_path / "own.yml").write_text(
        "sources: {own: {document: 通知, issuer: 区, grade: C}}\n"
        "figures:\n  contacts_a_month:\n    versions:\n"
        "      - {value: 2, regions: ['210106'], effective_from: 2026-01-01, source: own}\n",
        encoding="utf-8",
    )
    both = [ROOT / "data" / "duties", tmp_path]
    load(office, read_duties(both, known_regions(office)))
    make_registered(office)
    make_registered(office, "220102")  # another province: no figure
    run = make_monthly_tasks(office, DECEMBER)
    assert (run.tasks, run.without_figure) == (2, 1)
    due = office.scalars(select(Task.due_at).order_by(Task.due_at)).all()
    assert [(one.day, one.hour) for one in due] == [(15, 23), (31, 23)]


@pytest.mark.parametrize(
    ("outcome", "state", "covered"),
    [
        ("reached", "done", True),
        ("refused", "done", True),
        ("no_answer", "open", False),
        ("not_now", "open", False),
        ("wrong_number", "open", False),
    ],
)
def test_a_refusal_covers_and_a_call_in_vain_does_not(
    office: Session, clerk: Staff, head: Staff, outcome: str, state: str, covered: bool
) -> None:
    person, _ = make_registered(office)
    with clock.frozen(datetime(2026, 12, 3, 9, tzinfo=CHINA)):
        make_monthly_tasks(office, DECEMBER)
        contacts.record(office, clerk, person.id, "phone", outcome)
        task = office.scalars(select(Task).where(Task.kind == "monthly_contact")).one()
        assert task.state == state
        rows = contacts.coverage(office, head, DECEMBER, "210106")
        total = rows[-1]
        assert (total.due, total.reached + total.refused) == (1, int(covered))
        assert [one.area for one in rows[:-1]] == ["210106001"]
        registration = current(office, person.id)
        assert registration is not None
        assert registration.state == "active"


def test_a_wrong_number_and_a_move_open_a_check(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    contacts.record(office, clerk, person.id, "phone", "wrong_number")
    contacts.record(office, clerk, person.id, "visit", "moved")
    kinds = office.scalars(select(Task.kind).where(Task.state == "open")).all()
    assert kinds == ["verify", "verify"]


def test_the_third_refusal_in_a_row_makes_a_review_and_no_exit(
    office: Session, clerk: Staff
) -> None:
    person, registration = make_registered(office)
    for outcome in ("refused", "refused", "reached", "refused", "refused"):
        contacts.record(office, clerk, person.id, "phone", outcome)
    assert office.scalar(select(func.count()).where(Task.kind == "manual_review")) == 0
    contacts.record(office, clerk, person.id, "phone", "refused")
    review = office.scalars(select(Task).where(Task.kind == "manual_review")).one()
    assert "不得仅以此注销" in review.rule
    assert registration.state == "active"
    event = office.scalars(
        select(RegistrationEvent).where(RegistrationEvent.cause.is_not(None))
    ).one()
    assert (event.kind, event.cause, event.reason_code) == ("manual_review", "refused_3", None)


def test_half_a_year_out_of_reach_makes_a_review_and_no_exit(office: Session, clerk: Staff) -> None:
    person, registration = make_registered(office, since=date(2026, 1, 5))
    with clock.frozen(datetime(2026, 7, 3, 9, tzinfo=CHINA)):
        contacts.record(office, clerk, person.id, "phone", "no_answer")
    assert make_monthly_tasks(office, DECEMBER).reviews == 1
    assert make_monthly_tasks(office, DECEMBER).reviews == 0
    assert registration.state == "active"
    assert (
        office.scalar(select(RegistrationEvent.cause).where(RegistrationEvent.cause.is_not(None)))
        == "unreachable_6m"
    )


def test_needs_seen_are_kept_and_ended(office: Session, clerk: Staff) -> None:
    person, _ = make_registered(office)
    contacts.record(
        office, clerk, person.id, "phone", "reached", needs=[NewNeed("training", "想学叉车")]
    )
    need = office.scalars(select(Need)).one()
    assert (need.kind, need.detail, need.source) == ("training", "想学叉车", "desk")
    contacts.end_need(office, clerk, need.id, "met")
    with pytest.raises(WrongState):
        contacts.end_need(office, clerk, need.id, "withdrawn")


def test_another_street_sees_and_writes_nothing(office: Session) -> None:
    person, _ = make_registered(office)
    make_monthly_tasks(office, DECEMBER)
    stranger = make_staff(office, "吴经办", "street", "210106003")
    assert tasks.page(office, stranger).rows == ()
    with pytest.raises(NotVisible):
        contacts.record(office, stranger, person.id, "phone", "reached")
    with pytest.raises(NotPermitted):
        contacts.coverage(office, stranger, DECEMBER, "210106001")
    assert office.scalar(select(func.count()).select_from(Contact)) == 0


def test_the_list_of_today_goes_by_due_time_page_after_page(office: Session, clerk: Staff) -> None:
    for number in range(5):
        make_registered(office, name=f"张{number}号")
    make_monthly_tasks(office, DECEMBER)
    make_monthly_tasks(office, date(2026, 11, 1))
    seen, after = [], ""
    while True:
        page = tasks.page(office, clerk, after, limit=3)
        seen += [(one.due_at, one.id) for one in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 10
    assert seen == sorted(seen)
    assert {one.person for one in page.rows} <= {"张** · 8000"}


def test_a_task_is_claimed_given_and_closed(office: Session, clerk: Staff, head: Staff) -> None:
    make_registered(office)
    make_monthly_tasks(office, DECEMBER)
    number = office.scalars(select(Task.id)).one()
    tasks.claim(office, clerk, number)
    with pytest.raises(WrongState, match="同事"):
        tasks.claim(office, head, number)
    outsider = make_staff(office, "周经办", "street", "210106003")
    with pytest.raises(NotPermitted):
        tasks.assign(office, head, number, outsider.id)
    with pytest.raises(NotPermitted):
        tasks.assign(office, clerk, number, head.id)
    tasks.assign(office, head, number, head.id)
    with pytest.raises(WrongState):
        tasks.skip(office, head, number, " ")
    tasks.close(office, head, number, "办了")
    with pytest.raises(WrongState):
        tasks.close(office, head, number, "又办")
