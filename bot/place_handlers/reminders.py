"""Consent to a reminder of a fair: what will be kept, the yes, and its withdrawal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot import clock
from bot.db.session import session
from bot.delivery.quiet_hours import quiet_hours
from bot.fixed_replies import reply
from bot.messages import Message
from bot.notifications import reminders
from bot.place_handlers.listing import ListedPlaces
from bot.places import wording
from bot.places.find import fairs_on
from bot.places.occurrences import Occurrence
from bot.turns.turn import Turn

#: What `asked` holds while the yes is waited for.
CONSENT = "fair_consent"
ACT = "fair"


def ask(turn: Turn, listing: ListedPlaces, position: int, *, enrol: bool) -> Message | None:
    """Show what will be kept of a fair shown and ask for the yes; None when it is gone."""
    with session() as db:
        occurrences = fairs_on(
            db, listing.ids[position : position + 1], listing.days[position : position + 1]
        )
    if not occurrences:
        return None
    occurrence = occurrences[0]
    replace(listing, viewed=position, asks="").remember(turn)
    if occurrence.fair.state == "cancelled":
        return reply("fair_off", ACT)
    reminder = reminders.reminder_for(occurrence, clock.now(), quiet_hours())
    values = {"title": occurrence.fair.title, "when": wording.fair_when(occurrence)}
    if reminder is None:
        return Message(act=ACT, text=wording.reply_text("fair_too_late", **values))
    values["before"] = _reminder_time(reminder)
    with session() as db:
        is_signed_up = reminders.signed_up(
            db, turn.channel, turn.address, occurrence.fair.id, occurrence.day
        )
    if is_signed_up:
        return Message(act=ACT, text=wording.reply_text("fair_consented_already", **values))
    question = reply("fair_consent", ACT)
    worded = question.text.format(**values)
    turn.set(
        asked=CONSENT,
        pending={"fair": occurrence.fair.id, "day": occurrence.day.isoformat(), "wording": worded},
    )
    return replace(question, text=_enrolment_note(occurrence) + worded if enrol else worded)


def _enrolment_note(occurrence: Occurrence) -> str:
    """Say that this signs no one up, and how one takes part."""
    row = occurrence.fair
    instructions = row.sign_up or wording.reply_text(
        "fairs_sign_up_unknown", phone=row.phone or "12333"
    )
    return wording.reply_text("fair_enrol", sign_up=instructions.rstrip("。")) + "\n"


def _reminder_time(reminder: reminders.Reminder) -> str:
    """Return the time of a reminder in words: 12月2日（周三）10:00."""
    return wording.spoken_opening(reminder.remind_at, clock.now())


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no to a reminder; None when the person speaks of something else."""
    pending = turn.previous.pending
    if turn.act not in ("affirm", "deny"):
        return None
    with session() as db:
        occurrences = fairs_on(db, [pending["fair"]], [pending["day"]])
    turn.set(asked=None, pending=None)
    if not occurrences or occurrences[0].fair.state == "cancelled":
        return reply("fair_off", ACT)
    occurrence = occurrences[0]
    values = {"title": occurrence.fair.title, "when": wording.fair_when(occurrence)}
    reminder = reminders.reminder_for(occurrence, clock.now(), quiet_hours())
    if turn.act == "deny":
        return Message(act=ACT, text=wording.reply_text("fair_declined", **values))
    if reminder is None:
        return Message(act=ACT, text=wording.reply_text("fair_too_late", **values))
    with session() as db:
        reminders.sign_up(db, turn.channel, turn.address, reminder, pending["wording"])
    text = wording.reply_text("fair_consented", **values, before=_reminder_time(reminder))
    return Message(act=ACT, text=text)


def withdraw(turn: Turn, listing: ListedPlaces | None) -> Message:
    """Take back a wish to be reminded: of the fair spoken of, else of all."""
    position = listing.current_position if listing else None
    fair = listing.ids[position] if listing and position is not None else None
    day = date.fromisoformat(listing.days[position]) if listing and position is not None else None
    with session() as db:
        is_withdrawn = reminders.withdraw(db, turn.channel, turn.address, fair, day)
    if listing:
        listing.remember(turn)
    return reply("fair_withdrawn" if is_withdrawn else "fair_nothing_kept", ACT)
