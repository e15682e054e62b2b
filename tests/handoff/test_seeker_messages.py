"""Messages of a seeker while a ticket is open: to the bot, to the counsellor, or its end."""

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket
from bot.handoff import service
from bot.handoff.accounts import Account
from bot.handoff.queue import talk
from bot.handoff.seeker_messages import handoff_state, route_seeker_message
from bot.handoff.tickets import Line, add_lines, open_ticket
from tests.handoff.cases import case


def test_what_is_said_goes_to_the_bot_before_and_to_the_counsellor_after_taking(
    db: Session, wang: Account
) -> None:
    assert route_seeker_message(db, "web", "web-anna", "您好")[0] == "none"
    number = open_ticket(db, case()).ticket
    assert route_seeker_message(db, "web", "web-anna", "大连呢")[0] == "waiting"
    service.take_ticket(db, wang, number)
    assert handoff_state(db, "web", "web-anna").by == "王老师"
    assert route_seeker_message(db, "web", "web-anna", "工资没发")[0] == "taken"
    said = [line.text for line in talk(db, wang, number).said]
    assert said == ["转人工", "大连呢", "工资没发"]


@pytest.mark.parametrize("said", ["不用了", "算了吧", "不用人工了", "不要人工服务了", "那不用了。"])
def test_the_seeker_ends_it_in_his_own_words(db: Session, said: str) -> None:
    open_ticket(db, case())
    assert route_seeker_message(db, "web", "web-anna", said)[0] == "closed"
    assert handoff_state(db, "web", "web-anna").state == "none"
    assert open_ticket(db, case()).new


def test_a_bare_no_to_the_bot_leaves_the_ticket_open(db: Session) -> None:
    number = open_ticket(db, case()).ticket
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
    number = open_ticket(db, case()).ticket
    db.get_one(Ticket, number).opened_at = clock.now().replace(year=2020)
    assert route_seeker_message(db, "web", "web-anna", "失业金怎么领")[0] == "waiting"
    add_lines(db, number, [Line("bot", answer)])
    assert route_seeker_message(db, "web", "web-anna", "不用了")[0] == heard
