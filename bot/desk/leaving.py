"""A counsellor leaves: nobody logs in under the name, and whom he talked to is not left waiting."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, Ticket
from bot.desk.work import release


def leave(db: Session, name: str) -> bool:
    """Close an account, which ends its sessions; False when nobody of that name is here.

    What he has taken and not closed waits again, and the seeker is told. His name stands on old
    tickets for a year (data/privacy/register.yml).
    """
    one = db.scalar(select(Counsellor).where(Counsellor.name == name, Counsellor.left_at.is_(None)))
    if one is None:
        return False
    one.left_at, one.password_hash = clock.now(), ""
    taken = select(Ticket).where(Ticket.taken_by == one.id, Ticket.state == "taken")
    for ticket in db.scalars(taken.with_for_update()).all():
        release(db, ticket)
    db.flush()
    return True
