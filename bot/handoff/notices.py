"""Notices to seekers about the desk: hand-off, office hours, an absent counsellor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Ticket
from bot.fixed_replies import reply
from bot.handoff.accounts import staffed
from bot.handoff.office_hours import office_hours, opening_text
from bot.handoff.tickets import Case, Opened, open_ticket
from bot.messages import Message


def hand_over(db: Session, case: Case) -> Opened | None:
    """Open a ticket when there is anybody to answer it; None, and nothing kept, when not."""
    return open_ticket(db, case) if staffed(db) else None


def handoff_reply(opened: Opened | None) -> Message:
    """Return the answer to 转人工."""
    if opened is None:
        return reply("handoff", "handoff")
    return reply_by_hours("handoff_told" if opened.new else "handoff_again")


def with_counsellor_notice(message: Message, opened: Opened | None) -> Message:
    """Return an answer with the notice of a new ticket; unchanged when none was opened."""
    if opened is None or not opened.new:
        return message
    return replace(message, text=f"{message.text}\n{reply_by_hours('also_told').text}")


def reply_by_hours(name: str, moment: datetime | None = None) -> Message:
    """Return the reply of a name in office hours; else its `_later` with the next opening."""
    now, hours = moment or clock.now(), office_hours()
    if hours.are_open(now):
        return reply(name, "handoff")
    template = reply(f"{name}_later", "handoff")
    opening = opening_text(hours.next_opening(now), now)
    return replace(template, text=template.text.replace("{when}", opening))


def absence_notice(ticket: Ticket) -> Message | None:
    """Return the notice of an absent counsellor, once until the next reply; None on duty."""
    now = clock.now()
    if ticket.told_away_at is not None or office_hours().are_open(now):
        return None
    ticket.told_away_at = now
    return reply_by_hours("counsellor_away", now)
