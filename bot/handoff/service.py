"""Work on tickets: take, answer, give to a colleague, give back, close.

The seeker is told by the outbox in the same transaction, so that nothing is lost when the server
stops in between."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket, TicketMessage
from bot.delivery.outbox import DeliveryDraft, put
from bot.fixed_replies import reply
from bot.handoff.accounts import Account
from bot.handoff.errors import NoSuchTicket, NotYours, TicketClosed
from bot.handoff.seeker_messages import close as close_ticket
from bot.handoff.tickets import MAX_LINE_CHARS
from bot.messages import Message
from bot.wording import wording

#: The kind of all that the desk sends: it waits for no morning.
KIND = "hand_off"
#: Characters of the note of a result.
MAX_NOTE_CHARS = 300
_SAY = wording("counsellor_desk")


def take_ticket(db: Session, counsellor: Account, number: int) -> None:
    """Take a ticket that waits; the seeker is told the counsellor's name. An own ticket: nothing.

    Raises NoSuchTicket, TicketClosed, or NotYours when a colleague was faster.
    """
    ticket = _ticket(db, number)
    if ticket.state == "taken":
        _check_owner(ticket, counsellor)
        return
    ticket.state, ticket.taken_by, ticket.taken_at = "taken", counsellor.id, clock.now()
    ticket.told_away_at = None
    _notify_seeker(
        db,
        ticket,
        _reply_with_name("counsellor_here", counsellor),
        f"taken:{counsellor.id}:{clock.now().isoformat()}",
    )


def answer_seeker(db: Session, counsellor: Account, number: int, text: str, key: str) -> None:
    """Send the seeker a counsellor's words. `key` is the page's: a retry sends nothing twice.

    Raises NoSuchTicket, TicketClosed or NotYours.
    """
    ticket = _ticket(db, number)
    _check_owner(ticket, counsellor)
    line = _SAY("counsellor_line", name=counsellor.name, text=text[:MAX_LINE_CHARS])
    message = Message(status="handoff", act="handoff", text=line)
    if not _notify_seeker(db, ticket, message, f"said:{key}"):
        return
    columns = {
        "ticket_id": ticket.id,
        "counsellor_id": counsellor.id,
        "text": text[:MAX_LINE_CHARS],
    }
    db.add(TicketMessage(sender="counsellor", said_at=clock.now(), **columns))
    ticket.told_away_at = None
    db.flush()


def give_back(db: Session, counsellor: Account, number: int) -> None:
    """Let a ticket wait for another counsellor; the bot answers. Raises as `answer_seeker`."""
    ticket = _ticket(db, number)
    _check_owner(ticket, counsellor)
    _reopen(db, ticket, "counsellor_gives_back", "back")


def move_on(db: Session, ticket: Ticket) -> None:
    """Let a ticket that was taken wait for a counsellor of another area; the seeker is told."""
    _reopen(db, ticket, "counsellor_gives_back", "back")


def release(db: Session, ticket: Ticket) -> None:
    """Let an idle ticket wait for another counsellor; the seeker is told."""
    _reopen(db, ticket, "counsellor_silent", "silent")


def assign(db: Session, counsellor: Account, number: int) -> None:
    """Give a ticket to a counsellor, whoever has it; the seeker is told the name.

    Raises NoSuchTicket or TicketClosed.
    """
    ticket = _ticket(db, number)
    if ticket.taken_by == counsellor.id:
        return
    ticket.state = "open"
    take_ticket(db, counsellor, number)


def close(
    db: Session, counsellor: Account, number: int, result: str = "", note: str = ""
) -> Ticket:
    """Close a ticket; the seeker is told that the bot answers again. Raises as `answer_seeker`.

    `result` is a key of `bot.handoff.results`, empty when none is stated.
    """
    ticket = _ticket(db, number)
    _check_owner(ticket, counsellor)
    close_ticket(ticket, "counsellor")
    ticket.result, ticket.result_note = result, note[:MAX_NOTE_CHARS]
    _notify_seeker(db, ticket, _reply_with_name("counsellor_closed", counsellor), "closed")
    db.flush()
    return ticket


def _reopen(db: Session, ticket: Ticket, reply_name: str, cause: str) -> None:
    ticket.state, ticket.taken_by, ticket.taken_at = "open", None, None
    _notify_seeker(db, ticket, reply(reply_name, "handoff"), f"{cause}:{clock.now().isoformat()}")


def _ticket(db: Session, number: int) -> Ticket:
    """Return a ticket that is not closed, held until the transaction ends."""
    ticket = db.scalar(select(Ticket).where(Ticket.id == number).with_for_update())
    if ticket is None:
        raise NoSuchTicket(number)
    if ticket.state == "closed":
        raise TicketClosed(number)
    return ticket


def _check_owner(ticket: Ticket, counsellor: Account) -> None:
    if ticket.taken_by != counsellor.id:
        raise NotYours(ticket.id)


def _reply_with_name(name: str, counsellor: Account) -> Message:
    template = reply(name, "handoff")
    return replace(template, text=template.text.replace("{name}", counsellor.name))


def _notify_seeker(db: Session, ticket: Ticket, message: Message, cause: str) -> bool:
    """Put a message into the outbox; False when that cause has put one there already."""
    draft = DeliveryDraft(
        f"ticket:{ticket.id}:{cause}", ticket.channel, ticket.address, KIND, message,
        seeker_id=ticket.seeker_id,
    )  # fmt: skip
    return put(db, draft, clock.now()) is not None
