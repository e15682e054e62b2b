"""Tickets on SQLite and on PostgreSQL: opened once, heard, taken, answered, closed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Delivery, Ticket, TicketMessage
from bot.handoff import service
from bot.handoff.account_removal import leave
from bot.handoff.accounts import Account, add, by_id, check, names, staffed
from bot.handoff.errors import NameTaken, NotYours, OfficeHoursError, TicketClosed, UnfitPassword
from bot.handoff.idle_tickets import release_idle
from bot.handoff.office_hours import OfficeHours, opening_text
from bot.handoff.queue import talk, ticket_lists
from bot.handoff.seeker_messages import handoff_state, route_seeker_message
from bot.handoff.session_tokens import SESSION_SECONDS, Signer
from bot.handoff.tickets import Case, Line, add_lines, open_ticket
from bot.settings import settings

PASSWORD = "long enough for a test"


def _case(reason: str = "asked") -> Case:
    return Case("web", "web-anna", reason, [Line("seeker", "转人工")])  # type: ignore[arg-type]


@pytest.fixture
def wang(db: Session) -> Account:
    return add(db, "王老师", PASSWORD)


def test_an_address_has_one_open_ticket_with_the_gravest_reason(db: Session) -> None:
    first, second = open_ticket(db, _case()), open_ticket(db, _case("distress"))
    assert (first.new, second.new, second.ticket) == (True, False, first.ticket)
    db.expire_all()
    assert db.get_one(Ticket, first.ticket).reason == "distress"


def test_what_is_said_goes_to_the_bot_before_and_to_the_counsellor_after_taking(
    db: Session, wang: Account
) -> None:
    assert route_seeker_message(db, "web", "web-anna", "您好")[0] == "none"
    number = open_ticket(db, _case()).ticket
    assert route_seeker_message(db, "web", "web-anna", "大连呢")[0] == "waiting"
    service.take_ticket(db, wang, number)
    assert handoff_state(db, "web", "web-anna").by == "王老师"
    assert route_seeker_message(db, "web", "web-anna", "工资没发")[0] == "taken"
    said = [line.text for line in talk(db, wang, number).said]
    assert said == ["转人工", "大连呢", "工资没发"]


def test_a_retried_reply_is_sent_and_kept_once(db: Session, wang: Account) -> None:
    number = open_ticket(db, _case()).ticket
    service.take_ticket(db, wang, number)
    for _ in range(2):
        service.answer_seeker(db, wang, number, "您在哪个区？", "key-12345")
    bodies = db.scalars(select(Delivery.body).order_by(Delivery.id)).all()
    assert len(bodies) == 2
    assert "工作人员王老师：您在哪个区？" in bodies[1]
    kept = select(TicketMessage).where(TicketMessage.sender == "counsellor")
    assert len(db.scalars(kept).all()) == 1


def test_a_colleague_cannot_answer_and_a_closed_ticket_takes_nothing(
    db: Session, wang: Account
) -> None:
    number, li = open_ticket(db, _case()).ticket, add(db, "李老师", PASSWORD)
    service.take_ticket(db, wang, number)
    for do in (service.take_ticket, service.close, service.give_back):
        with pytest.raises(NotYours):
            do(db, li, number)
    service.close(db, wang, number)
    with pytest.raises(TicketClosed):
        service.answer_seeker(db, wang, number, "还在吗", "key-12345")
    assert [one.id for one in ticket_lists(db, li).closed] == [number]


@pytest.mark.parametrize("said", ["不用了", "算了吧", "不用人工了", "不要人工服务了", "那不用了。"])
def test_the_seeker_ends_it_in_his_own_words(db: Session, said: str) -> None:
    open_ticket(db, _case())
    assert route_seeker_message(db, "web", "web-anna", said)[0] == "closed"
    assert handoff_state(db, "web", "web-anna").state == "none"
    assert open_ticket(db, _case()).new


def test_a_bare_no_to_the_bot_leaves_the_ticket_open(db: Session) -> None:
    number = open_ticket(db, _case()).ticket
    db.get_one(Ticket, number).opened_at = clock.now().replace(year=2020)
    assert route_seeker_message(db, "web", "web-anna", "有保安的活吗")[0] == "waiting"
    assert route_seeker_message(db, "web", "web-anna", "不用了")[0] == "waiting"
    assert route_seeker_message(db, "web", "web-anna", "不用人工了")[0] == "closed"


@pytest.mark.parametrize(
    ("answer", "heard"), [("要满一年。", "closed"), ("要不要现在办？", "waiting")]
)
def test_a_bare_no_after_an_answer_that_asks_nothing_ends_it(
    db: Session, answer: str, heard: str
) -> None:
    number = open_ticket(db, _case()).ticket
    db.get_one(Ticket, number).opened_at = clock.now().replace(year=2020)
    assert route_seeker_message(db, "web", "web-anna", "失业金怎么领")[0] == "waiting"
    add_lines(db, number, [Line("bot", answer)])
    assert route_seeker_message(db, "web", "web-anna", "不用了")[0] == heard


def test_passwords_and_names(db: Session, wang: Account) -> None:
    assert check(db, "王老师", PASSWORD) == wang
    assert check(db, "王老师", PASSWORD + "x") is None
    assert check(db, "没有这人", PASSWORD) is None
    with pytest.raises(NameTaken):
        add(db, "王老师", PASSWORD)
    with pytest.raises(UnfitPassword):
        add(db, "李老师", "short")


def test_who_leaves_cannot_log_in_and_whom_he_talked_to_waits_again(
    db: Session, wang: Account
) -> None:
    number = open_ticket(db, _case()).ticket
    service.take_ticket(db, wang, number)
    assert leave(db, "王老师")
    assert (check(db, "王老师", PASSWORD), by_id(db, wang.id), names(db)) == (None, None, [])
    assert not staffed(db)
    ticket = db.get_one(Ticket, number)
    assert (ticket.state, ticket.taken_by) == ("open", None)
    assert not leave(db, "王老师")
    with pytest.raises(NameTaken):
        add(db, "王老师", PASSWORD)


def test_a_session_holds_for_its_counsellor_password_and_day_only() -> None:
    now = [1000.0]
    signer, me = Signer(b"s", lambda: now[0]), Account(7, "王老师", "stamp")
    cookie = signer.session(me)
    assert signer.claimed_id(cookie) == 7
    assert signer.is_valid(cookie, me)
    assert not signer.is_valid(cookie, Account(7, "王老师", "another"))
    assert not Signer(b"t").is_valid(cookie, me)
    assert not signer.is_csrf("", cookie)
    assert signer.is_csrf(signer.csrf(cookie), cookie)
    now[0] += SESSION_SECONDS
    assert signer.claimed_id(cookie) is None


def _at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.CHINA)


def test_office_hours_know_weekends_and_the_national_holiday() -> None:
    hours = OfficeHours.read("1-5 8:30-17:00")
    assert hours.are_open(_at(11, 25, 10))
    assert not hours.are_open(_at(11, 25, 18))
    assert not hours.are_open(_at(11, 28, 10))
    assert not hours.are_open(_at(10, 1, 10))
    assert hours.next_opening(_at(11, 27, 18)) == _at(11, 30, 8).replace(minute=30)
    assert opening_text(hours.next_opening(_at(11, 25, 18)), _at(11, 25, 18)) == "明天8:30"
    for wrong in ("", "5-1 8:30-17:00", "1-5 17:00-8:30", "1-5 8:30-25:00"):
        with pytest.raises(OfficeHoursError):
            OfficeHours.read(wrong)


def test_the_desk_opens_after_new_years_day_also_before_the_notice_is_known() -> None:
    opening = OfficeHours().next_opening(datetime(2026, 12, 31, 18, tzinfo=clock.CHINA))
    assert opening == datetime(2027, 1, 4, 8, 30, tzinfo=clock.CHINA)


def test_nobody_is_at_the_desk_at_lunch_and_the_afternoon_is_the_next_opening() -> None:
    hours = OfficeHours.read("1-5 8:30-11:30, 13:00-17:00")
    assert hours.are_open(_at(11, 25, 11))
    assert not hours.are_open(_at(11, 25, 12))
    assert hours.are_open(_at(11, 25, 13))
    assert hours.next_opening(_at(11, 25, 12)) == _at(11, 25, 13)
    assert opening_text(hours.next_opening(_at(11, 25, 12)), _at(11, 25, 12)) == "今天13:00"
    assert hours.next_opening(_at(11, 25, 17)) == _at(11, 26, 8).replace(minute=30)
    assert hours.between(_at(11, 25, 0), _at(11, 26, 0)) == timedelta(hours=7)
    for wrong in ("1-5 8:30-11:30,", "1-5 13:00-17:00,8:30-11:30", "1-5 8:30-13:00,12:00-17:00"):
        with pytest.raises(OfficeHoursError):
            OfficeHours.read(wrong)


MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.CHINA)


def test_office_time_leaves_out_nights_and_free_days() -> None:
    hours = OfficeHours()
    assert hours.between(MONDAY, MONDAY + timedelta(hours=3)) == timedelta(hours=3)
    assert hours.between(MONDAY, MONDAY + timedelta(days=1)) == timedelta(hours=8.5)
    friday = MONDAY + timedelta(days=4, hours=6)
    assert hours.between(friday, friday + timedelta(days=3)) == timedelta(hours=8.5)
    assert hours.between(MONDAY, MONDAY - timedelta(hours=1)) == timedelta()


def _released(db: Session, at: datetime) -> int:
    with clock.frozen(at):
        return release_idle(db, clock.now())


def test_a_ticket_goes_back_when_its_counsellor_says_nothing(db: Session, wang: Account) -> None:
    with clock.frozen(MONDAY):
        number = open_ticket(db, _case()).ticket
        service.take_ticket(db, wang, number)
    assert _released(db, MONDAY + timedelta(hours=3, minutes=59)) == 0
    assert _released(db, MONDAY + timedelta(hours=4)) == 1
    assert handoff_state(db, "web", "web-anna").state == "open"
    told = db.scalars(select(Delivery.body).order_by(Delivery.id)).all()[-1]
    assert "让你久等了" in told
    with pytest.raises(NotYours):
        service.answer_seeker(db, wang, number, "我来了", "key-12345")
    assert _released(db, MONDAY + timedelta(hours=6)) == 0


def test_a_ticket_stays_while_the_counsellor_spoke_last_and_counts_from_the_first_word_without_answer(
    db: Session, wang: Account
) -> None:
    with clock.frozen(MONDAY):
        number = open_ticket(db, _case()).ticket
        service.take_ticket(db, wang, number)
    with clock.frozen(MONDAY + timedelta(hours=1)):
        service.answer_seeker(db, wang, number, "您在哪个区？", "key-12345")
    assert _released(db, MONDAY + timedelta(days=2)) == 0
    wednesday = MONDAY + timedelta(days=2)
    for hour in (0, 3):
        with clock.frozen(wednesday + timedelta(hours=hour)):
            route_seeker_message(db, "web", "web-anna", "铁西")
    assert _released(db, wednesday + timedelta(hours=3, minutes=59)) == 0
    assert _released(db, wednesday + timedelta(hours=4)) == 1


def test_the_wait_is_a_setting_and_0_means_for_ever(
    db: Session, wang: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clock.frozen(MONDAY):
        service.take_ticket(db, wang, open_ticket(db, _case()).ticket)
    try:
        for said, released in (("0", 0), ("0.5", 1)):
            monkeypatch.setenv("JIUYE_DESK_SILENCE", said)
            settings.cache_clear()
            assert _released(db, MONDAY + timedelta(hours=1)) == released
    finally:
        monkeypatch.undo()
        settings.cache_clear()
