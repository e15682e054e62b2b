"""A ticket that was taken and is not answered goes back to the others; the seeker is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket, TicketMessage
from bot.desk.hours import office_hours
from bot.desk.work import release
from bot.settings import settings

#: What is looked at at most: a conversation that has rested so long has been over for long.
OLDEST = timedelta(days=30)


def patience() -> timedelta:
    """Return how long a seeker waits for a counsellor's word: office time; zero means for ever.

    Raises ValueError for a setting that is no number of hours.
    """
    return timedelta(hours=float(settings().desk_silence))


def release_silent(db: Session, now: datetime) -> int:
    """Let tickets wait again whose counsellor has left the seeker without a word; return how many.

    Nobody waits where the counsellor spoke last: such a ticket stays his.
    """
    allowed, hours, released = patience(), office_hours(), 0
    if not allowed:
        return 0
    taken = select(Ticket).where(Ticket.state == "taken", Ticket.taken_at > now - OLDEST)
    for ticket in db.scalars(taken.with_for_update(skip_locked=True)).all():
        since = waits_since(db, ticket)
        if since is not None and hours.between(since, now) >= allowed:
            release(db, ticket)
            released += 1
    return released


def waits_since(db: Session, ticket: Ticket) -> datetime | None:
    """Return since when a seeker waits for his counsellor; None while nobody waits."""
    lines = select(func.max(TicketMessage.said_at)).where(
        TicketMessage.ticket_id == ticket.id,
        TicketMessage.sender == "counsellor",
        TicketMessage.counsellor_id == ticket.taken_by,
    )
    spoke = db.scalar(lines)
    if spoke is None or clock.aware(spoke) < ticket_taken(ticket):
        return ticket_taken(ticket)
    unanswered = select(func.min(TicketMessage.said_at)).where(
        TicketMessage.ticket_id == ticket.id,
        TicketMessage.sender == "seeker",
        TicketMessage.said_at > spoke,
    )
    waited = db.scalar(unanswered)
    return clock.aware(waited) if waited else None


def ticket_taken(ticket: Ticket) -> datetime:
    """Return when a ticket that is taken was taken."""
    assert ticket.taken_at is not None
    return ticket.taken_at
