"""Closing of a counsellor's account."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.tables import Counsellor, Delivery, Ticket
from bot.handoff import service
from bot.handoff.account_removal import leave
from bot.handoff.accounts import Account
from bot.handoff.tickets import open_ticket
from tests.handoff.cases import case


def test_nothing_of_the_password_is_left_and_closed_tickets_stay(
    db: Session, wang: Account
) -> None:
    number = open_ticket(db, case()).ticket
    service.take_ticket(db, wang, number)
    service.close(db, wang, number)
    before = db.query(Delivery).count()
    assert leave(db, "王老师")
    assert db.get_one(Counsellor, wang.id).password_hash == ""
    assert db.get_one(Ticket, number).state == "closed"
    assert db.query(Delivery).count() == before
    assert not leave(db, "没有这人")
