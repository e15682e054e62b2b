"""Ticket lists of a counsellor: waiting, own, closed today; a ticket's conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from bot import clock
from bot.caches import process_cache
from bot.db.tables import Counsellor, Delivery, Ticket, TicketMessage
from bot.handoff.accounts import Account
from bot.handoff.errors import NoSuchTicket
from bot.handoff.tickets import GRAVITY
from bot.settings import settings
from bot.yaml_files import read_yaml

#: Tickets of one list.
MAX_TICKETS = 100
#: Names of the reasons for counsellors.
REASONS = {
    "distress": "情绪危急", "unpaid": "工资没发", "fraud": "疑似招聘骗局", "asked": "要找人",
    "unclear": "机器人没听懂",
}  # fmt: skip
CHANNELS = {"web": "网页", "wechat": "微信", "sms": "短信"}


@dataclass(frozen=True)
class QueueEntry:
    """A ticket as a list shows it. No address: a counsellor answers without knowing the number."""

    id: int
    reason: str
    """In Chinese."""
    grave: bool
    """True when it should be taken before the others."""
    channel: str
    """In Chinese."""
    state: str
    opened_at: datetime
    taken_by: str | None
    """The counsellor's name."""
    mine: bool
    closed_by: str | None


@dataclass(frozen=True)
class TicketLists:
    """The three lists."""

    waiting: tuple[QueueEntry, ...]
    """The gravest first, then the oldest."""
    mine: tuple[QueueEntry, ...]
    closed: tuple[QueueEntry, ...]
    """Closed today, the newest first."""


@dataclass(frozen=True)
class ConversationLine:
    """One line of a conversation."""

    id: int
    sender: str
    name: str | None
    """The counsellor's name, None for the others."""
    text: str
    at: datetime


@dataclass(frozen=True)
class Conversation:
    """A ticket with its conversation."""

    ticket: QueueEntry
    said: tuple[ConversationLine, ...]
    unsent: int
    """Messages to the seeker that failed for good."""


def ticket_lists(
    db: Session, counsellor: Account, scope: ColumnElement[bool] | None = None
) -> TicketLists:
    """Return the three lists of a counsellor; `scope` is the condition of the areas served."""
    served = true() if scope is None else scope
    mine = and_(Ticket.state == "taken", Ticket.taken_by == counsellor.id, served)
    waiting = _entries(db, counsellor, and_(Ticket.state == "open", served))
    closed = _entries(db, counsellor, and_(_closed_today(), served))
    return TicketLists(
        waiting=tuple(sorted(waiting, key=_urgency)),
        mine=tuple(_entries(db, counsellor, mine)),
        closed=tuple(reversed(closed)),
    )


def readable(counsellor_id: int) -> ColumnElement[bool]:
    """Return the condition that a counsellor may read a ticket: it waits, is theirs, or was closed
    today. A colleague's cannot be read.
    """
    return or_(Ticket.state == "open", Ticket.taken_by == counsellor_id, _closed_today())


def _closed_today() -> ColumnElement[bool]:
    midnight = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return and_(Ticket.state == "closed", Ticket.closed_at >= midnight)


def talk(
    db: Session, counsellor: Account, number: int, after: int = 0,
    scope: ColumnElement[bool] | None = None,
) -> Conversation:  # fmt: skip
    """Return a ticket's lines after a line's number; raises NoSuchTicket for one not `readable`."""
    served = true() if scope is None else scope
    condition = and_(Ticket.id == number, readable(counsellor.id), served)
    entries = _entries(db, counsellor, condition)
    if not entries:
        raise NoSuchTicket(number)
    query = (
        select(TicketMessage, Counsellor.name)
        .outerjoin(Counsellor, Counsellor.id == TicketMessage.counsellor_id)
        .where(TicketMessage.ticket_id == number, TicketMessage.id > after)
        .order_by(TicketMessage.id)
    )
    lines = tuple(
        ConversationLine(line.id, line.sender, name, line.text, line.said_at)
        for line, name in db.execute(query)
    )
    failed = select(Delivery.id).where(
        Delivery.key.like(f"ticket:{number}:%"), Delivery.state == "failed"
    )
    return Conversation(entries[0], lines, len(db.scalars(failed).all()))


def canned() -> list[str]:
    """Return the replies that are ready to send, from data/canned_replies.yml."""
    return _canned(settings().data_file("canned_replies.yml"))


@process_cache(size=4)
def _canned(path: Path) -> list[str]:
    return [str(text) for text in read_yaml(path)]


def _entries(db: Session, counsellor: Account, condition: ColumnElement[bool]) -> list[QueueEntry]:
    query = (
        select(Ticket, Counsellor.name)
        .outerjoin(Counsellor, Counsellor.id == Ticket.taken_by)
        .where(condition)
        .order_by(Ticket.opened_at, Ticket.id)
        .limit(MAX_TICKETS)
    )
    return [_entry(ticket, name, counsellor) for ticket, name in db.execute(query)]


def _entry(ticket: Ticket, name: str | None, counsellor: Account) -> QueueEntry:
    return QueueEntry(
        ticket.id, REASONS.get(ticket.reason, ticket.reason), ticket.reason in GRAVITY[:3],
        CHANNELS.get(ticket.channel, ticket.channel), ticket.state, ticket.opened_at, name,
        ticket.taken_by == counsellor.id, ticket.closed_by,
    )  # fmt: skip


def _urgency(entry: QueueEntry) -> tuple[bool, bool, datetime]:
    return entry.reason != REASONS["distress"], not entry.grave, entry.opened_at
