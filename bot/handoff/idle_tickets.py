"""Release of idle tickets: taken and not answered they wait for others; the seeker is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket, TicketMessage
from bot.handoff.office_hours import office_hours
from bot.handoff.service import release
from bot.settings import settings

#: What is looked at at most: a conversation that has rested so long has been over for long.
MAX_AGE = timedelta(days=30)


def max_silence() -> timedelta:
    """Return the office time that a seeker waits for a counsellor's word; zero means for ever."""
    return timedelta(hours=settings().desk_silence)


def release_idle(db: Session, now: datetime) -> int:
    """Let tickets wait again that their counsellor has not answered; return how many.

    A ticket with a counsellor's last word stays with them.
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
    """Return the moment since which a seeker waits for the counsellor; None without waiting."""
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
    """Return the moment at which a ticket was taken."""
    assert ticket.taken_at is not None
    return ticket.taken_at
