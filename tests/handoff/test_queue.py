"""Ticket lists of a counsellor, and conversations that they may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.handoff import service
from bot.handoff.accounts import Account, add
from bot.handoff.errors import NoSuchTicket
from bot.handoff.queue import talk, ticket_lists
from bot.handoff.tickets import Case, Line, open_ticket
from tests.handoff.cases import PASSWORD, case


@pytest.fixture
def li(db: Session) -> Account:
    return add(db, "李老师", PASSWORD)


def test_a_colleagues_conversation_cannot_be_read(db: Session, wang: Account, li: Account) -> None:
    number = open_ticket(db, case()).ticket
    assert talk(db, li, number).ticket.state == "open"
    service.take_ticket(db, wang, number)
    assert [line.text for line in talk(db, wang, number).said] == ["转人工"]
    with pytest.raises(NoSuchTicket):
        talk(db, li, number)
    service.give_back(db, wang, number)
    assert talk(db, li, number).ticket.state == "open"


def test_a_closed_conversation_can_be_read_on_its_day_by_all_and_later_by_its_counsellor(
    db: Session, wang: Account, li: Account
) -> None:
    number = open_ticket(db, case()).ticket
    service.take_ticket(db, wang, number)
    service.close(db, wang, number)
    assert talk(db, li, number).ticket.closed_by == "counsellor"
    with clock.frozen(clock.now() + timedelta(days=1)):
        with pytest.raises(NoSuchTicket):
            talk(db, li, number)
        assert talk(db, wang, number).ticket.id == number
        assert ticket_lists(db, wang).closed == ()


def test_the_gravest_waits_first_and_each_sees_their_own(
    db: Session, wang: Account, li: Account
) -> None:
    numbers = [
        open_ticket(db, Case("web", f"web-{reason}", reason, [Line("seeker", "在吗")])).ticket
        for reason in ("asked", "unpaid", "distress", "unclear")
    ]
    assert [one.id for one in ticket_lists(db, li).waiting] == [
        numbers[2], numbers[1], numbers[0], numbers[3],
    ]  # fmt: skip
    service.take_ticket(db, wang, numbers[1])
    assert [one.id for one in ticket_lists(db, wang).mine] == [numbers[1]]
    assert ticket_lists(db, li).mine == ()
    assert numbers[1] not in [one.id for one in ticket_lists(db, li).waiting]


def test_only_lines_after_a_number_are_returned(db: Session, wang: Account) -> None:
    number = open_ticket(db, case()).ticket
    service.take_ticket(db, wang, number)
    first = talk(db, wang, number).said[-1].id
    service.answer_seeker(db, wang, number, "您好", "key-12345")
    (line,) = talk(db, wang, number, after=first).said
    assert (line.sender, line.name, line.text) == ("counsellor", "王老师", "您好")
