"""Opening a ticket, with the conversation so far; one at a time for an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.compiled_statement import Database, Prepared
from bot.db.sealing import keyring
from bot.db.tables import Ticket, TicketMessage
from bot.messaging.rows import insert_into
from bot.seekers.identity import find_seeker

Reason = Literal["distress", "unpaid", "fraud", "asked", "unclear"]
Speaker = Literal["seeker", "bot", "counsellor"]
#: Reasons by how grave they are: a graver one replaces the reason of a ticket that waits.
GRAVITY: tuple[Reason, ...] = ("distress", "unpaid", "fraud", "asked", "unclear")
#: After a ticket was closed, not understanding alone opens none again within this time.
REOPEN_PAUSE = timedelta(hours=12)
#: Characters of a line that are kept.
MAX_LINE_CHARS = 4000
#: Characters of an employer's name.
MAX_EMPLOYER_CHARS = 60
_TICKETS: Any = Ticket.__table__
_OPEN = Prepared(
    select(_TICKETS.c.id).where(
        _TICKETS.c.channel == bindparam("channel"),
        _TICKETS.c.address == bindparam("address"),
        _TICKETS.c.state != "closed",
    )
)


@dataclass(frozen=True)
class Line:
    """One line of a conversation."""

    sender: Speaker
    text: str
    said_at: datetime | None = None
    """None means now."""


@dataclass(frozen=True)
class Case:
    """Reason and conversation of a ticket to be opened."""

    channel: str
    address: str
    reason: Reason
    conversation: Sequence[Line] = ()
    """The conversation so far, oldest first."""
    posting_id: int | None = None
    region_code: str | None = None
    """The region spoken of; None when none was."""
    employer: str = ""
    """The employer that the person named."""


@dataclass(frozen=True)
class Opened:
    """Result of opening a ticket."""

    ticket: int
    new: bool
    """False when one was open already."""
    is_taken: bool = False
    """True when a counsellor has it already."""


def get_open(db: Session, channel: str, address: str, *, lock: bool = False) -> Ticket | None:
    """Return the ticket of an address that waits or is with a counsellor; None when there is none.

    `lock` keeps it from being changed by others until the transaction ends.
    """
    query = select(Ticket).where(
        Ticket.channel == channel, Ticket.address == address, Ticket.state != "closed"
    )
    return db.scalar(query.with_for_update() if lock else query)


def open_ticket_id(db: Database, channel: str, address: str) -> int | None:
    """Return the number of the ticket of an address that is not closed: asked at every message."""
    row = _OPEN.row(db, {"channel": channel, "address": keyring().seal_address(address)})
    return row[0] if row else None


def open_ticket(db: Session, case: Case) -> Opened:
    """Open a ticket, or return the one that is open, its reason now the graver of the two."""
    seeker, now = find_seeker(db, case.channel, case.address), clock.now()
    row = insert_into(db, Ticket).values(
        channel=case.channel, address=case.address, reason=case.reason, state="open",
        opened_at=now, posting_id=case.posting_id, seeker_id=seeker.id if seeker else None,
        region_code=case.region_code, employer=case.employer[:MAX_EMPLOYER_CHARS],
    )  # fmt: skip
    # Two messages at once: the index lets one of them open it.
    made = db.execute(row.on_conflict_do_nothing().returning(Ticket.id)).scalar()
    if made is not None:
        add_lines(
            db, made, [replace(line, said_at=line.said_at or now) for line in case.conversation]
        )
        return Opened(made, new=True)
    existing = get_open(db, case.channel, case.address, lock=True)
    if existing is None:  # closed in this very moment
        return open_ticket(db, case)
    existing.reason = min(existing.reason, case.reason, key=_gravity)
    existing.posting_id = existing.posting_id or case.posting_id
    existing.region_code = existing.region_code or case.region_code
    existing.employer = existing.employer or case.employer[:MAX_EMPLOYER_CHARS]
    db.flush()
    return Opened(existing.id, new=False, is_taken=existing.state == "taken")


def add_lines(db: Session, ticket: int, lines: Sequence[Line]) -> None:
    """Add lines to a ticket's conversation, in their order."""
    for line in lines:
        columns = {"ticket_id": ticket, "sender": line.sender, "text": line.text[:MAX_LINE_CHARS]}
        db.add(TicketMessage(said_at=line.said_at or clock.now(), **columns))
        db.flush()


def closed_recently(db: Session, channel: str, address: str) -> bool:
    """Tell whether a ticket of an address was closed so recently that none should be offered."""
    query = select(Ticket.id).where(
        Ticket.channel == channel,
        Ticket.address == address,
        Ticket.closed_at > clock.now() - REOPEN_PAUSE,
    )
    return db.scalar(query.limit(1)) is not None


def _gravity(reason: str) -> int:
    return next(
        (rank for rank, known_reason in enumerate(GRAVITY) if known_reason == reason), len(GRAVITY)
    )
