"""Work on tickets: answered once, by its own counsellor only."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import Delivery, TicketMessage
from bot.handoff import service
from bot.handoff.accounts import Account, add
from bot.handoff.errors import NotYours, TicketClosed
from bot.handoff.queue import ticket_lists
from bot.handoff.tickets import open_ticket
from tests.handoff.cases import PASSWORD, case


def test_a_retried_reply_is_sent_and_kept_once(db: Session, wang: Account) -> None:
    number = open_ticket(db, case()).ticket
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
    number, li = open_ticket(db, case()).ticket, add(db, "李老师", PASSWORD)
    service.take_ticket(db, wang, number)
    for do in (service.take_ticket, service.close, service.give_back):
        with pytest.raises(NotYours):
            do(db, li, number)
    service.close(db, wang, number)
    with pytest.raises(TicketClosed):
        service.answer_seeker(db, wang, number, "还在吗", "key-12345")
    assert [one.id for one in ticket_lists(db, li).closed] == [number]
