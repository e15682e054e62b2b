"""Tickets on SQLite and on PostgreSQL: opened once, heard, taken, answered, closed."""

from sqlalchemy.orm import Session

from bot.db.tables import Ticket
from bot.handoff.tickets import open_ticket
from tests.handoff.cases import case


def test_an_address_has_one_open_ticket_with_the_gravest_reason(db: Session) -> None:
    first, second = open_ticket(db, case()), open_ticket(db, case("distress"))
    assert (first.new, second.new, second.ticket) == (True, False, first.ticket)
    db.expire_all()
    assert db.get_one(Ticket, first.ticket).reason == "distress"
