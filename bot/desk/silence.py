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
MAX_AGE = timedelta(days=30)


def max_silence() -> timedelta:
    """Return how long a seeker waits for a counsellor's word: office time; zero means for ever.

    Raises ValueError for a setting that is no number of hours.
    """
    return timedelta(hours=float(settings().desk_silence))


def release_idle(db: Session, now: datetime) -> int:
    """Let tickets wait again whose counsellor has left the seeker without a word; return how many.

    Nobody waits where the counsellor spoke last: such a ticket stays his.
    """
    allowed, hours, released = max_silence(), office_hours(), 0
    if not allowed:
        return 0
    query = select(Ticket).where(Ticket.state == "taken", Ticket.taken_at > now - MAX_AGE)
    for ticket in db.scalars(query.with_for_update(skip_locked=True)).all():
        since = waiting_since(db, ticket)
        if since is not None and hours.between(since, now) >= allowed:
            release(db, ticket)
            released += 1
    return released


def waiting_since(db: Session, ticket: Ticket) -> datetime | None:
    """Return since when a seeker waits for his counsellor; None while nobody waits."""
    lines = select(func.max(TicketMessage.said_at)).where(
        TicketMessage.ticket_id == ticket.id,
        TicketMessage.sender == "counsellor",
        TicketMessage.counsellor_id == ticket.taken_by,
    )
    last_reply = db.scalar(lines)
    if last_reply is None or clock.aware(last_reply) < taken_at(ticket):
        return taken_at(ticket)
    unanswered = select(func.min(TicketMessage.said_at)).where(
        TicketMessage.ticket_id == ticket.id,
        TicketMessage.sender == "seeker",
        TicketMessage.said_at > last_reply,
    )
    first_unanswered = db.scalar(unanswered)
    return clock.aware(first_unanswered) if first_unanswered else None


def taken_at(ticket: Ticket) -> datetime:
    """Return when a ticket that is taken was taken."""
    assert ticket.taken_at is not None
    return ticket.taken_at
