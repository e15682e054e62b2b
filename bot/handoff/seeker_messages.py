"""Routing of a seeker's messages while a ticket is open: bot, counsellor, or its end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, Ticket, TicketMessage
from bot.handoff.tickets import Line, add_lines, get_open
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.service_wishes import names_no_counsellor_only, service_wish

#: none: no ticket is open. waiting: the bot answers on. taken: the counsellor answers.
Heard = Literal["none", "waiting", "taken", "closed"]

_PATTERNS = patterns("ticket_messages")


def route_seeker_message(
    db: Session, channel: str, address: str, text: str
) -> tuple[Heard, Ticket | None]:
    """Route a seeker's message: add it to the open ticket, or close that when no person is wanted.

    Returns the routing with the ticket; with `closed` the ticket is closed now.
    """
    ticket = get_open(db, channel, address, lock=True)
    if ticket is None or _PATTERNS["own_data"].fullmatch(text.strip()):
        return "none", None
    bare = ticket.state == "taken" or not _asked_back(db, ticket)
    add_lines(db, ticket.id, [Line("seeker", text)])
    normal = normalise(text).text
    bare_text = re.sub(r"[\s，,。.!！~～]", "", normal)
    ends = (
        _PATTERNS["no_person"].fullmatch(bare_text)
        or names_no_counsellor_only(normal)
        or (bare and _PATTERNS["no_more"].fullmatch(bare_text))
    )
    if ends:
        close(ticket, "seeker")
        return "closed", ticket
    if service_wish(normal) == "no_counsellor":  # and a question, which is the bot's now
        close(ticket, "seeker")
        return "none", None
    return ("taken" if ticket.state == "taken" else "waiting"), ticket


@dataclass(frozen=True)
class HandoffState:
    """State of a person's hand-off, as shown to them."""

    state: Literal["none", "open", "taken"]
    by: str | None = None
    """The counsellor's name when one has taken it."""


def handoff_state(db: Session, channel: str, address: str) -> HandoffState:
    """Return the state of an address's hand-off."""
    query = (
        select(Ticket.state, Counsellor.name)
        .outerjoin(Counsellor, Counsellor.id == Ticket.taken_by)
        .where(Ticket.channel == channel, Ticket.address == address, Ticket.state != "closed")
    )
    row = db.execute(query).first()
    if row is None:
        return HandoffState("none")
    return HandoffState("taken" if row[0] == "taken" else "open", row[1])


def close(ticket: Ticket, closed_by: Literal["seeker", "counsellor", "platform"]) -> None:
    """Close a ticket; the conversation is the bot's again, or (platform) WeChat's own desk's."""
    ticket.state, ticket.closed_at, ticket.closed_by = "closed", clock.now(), closed_by


def _asked_back(db: Session, ticket: Ticket) -> bool:
    """Tell whether a bare 不用了 may answer a question of the bot, which talks on while one waits.

    After the hand-off itself, or an answer that asks nothing, it can only mean the hand-off.
    """
    later = (
        select(TicketMessage.sender, TicketMessage.text)
        .where(TicketMessage.ticket_id == ticket.id, TicketMessage.said_at > ticket.opened_at)
        .order_by(TicketMessage.id.desc())
    )
    last = db.execute(later.limit(1)).first()
    if last is None:
        return False
    # The person's own line comes last while its answer is still being looked up.
    return last[0] != "bot" or "？" in last[1]
