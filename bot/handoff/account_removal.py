"""Closing of a counsellor's account: the login ends, and open tickets wait for a colleague."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, Ticket
from bot.handoff.service import release


def leave(db: Session, name: str) -> bool:
    """Close an account, which ends its sessions; False when there is none of that name.

    Taken tickets that are not closed wait again, and the seeker is told. The name stands on old
    tickets for a year (data/privacy/register.yml).
    """
    counsellor = db.scalar(
        select(Counsellor).where(Counsellor.name == name, Counsellor.left_at.is_(None))
    )
    if counsellor is None:
        return False
    counsellor.left_at, counsellor.password_hash = clock.now(), ""
    query = select(Ticket).where(Ticket.taken_by == counsellor.id, Ticket.state == "taken")
    for ticket in db.scalars(query.with_for_update()).all():
        release(db, ticket)
    db.flush()
    return True
