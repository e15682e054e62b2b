"""Asking to be reminded of a fair: what will be kept, the yes, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.places.memory import ListedPlaces
from actions.turn import Turn
from bot import clock
from bot.db.session import session
from bot.messages import Message
from bot.places import wording
from bot.places.find import fairs_on
from bot.places.occurrences import Occurrence
from bot.push import reminders
from bot.push.quiet import quiet_hours
from bot.replies import reply

#: What `asked` holds while the yes is waited for.
CONSENT = "fair_consent"
ACT = "fair"


def ask(turn: Turn, shown: ListedPlaces, at: int, *, enrol: bool) -> Message | None:
    """Show what will be kept of a fair shown and ask for the yes; None when it is gone."""
    with session() as db:
        found = fairs_on(db, shown.ids[at : at + 1], shown.days[at : at + 1])
    if not found:
        return None
    one = found[0]
    replace(shown, viewed=at, asks="").keep(turn)
    if one.fair.state == "cancelled":
        return reply("fair_off", ACT)
    reminder = reminders.reminder_for(one, clock.now(), quiet_hours())
    values = {"title": one.fair.title, "when": wording.fair_when(one)}
    if reminder is None:
        return Message(act=ACT, text=wording.reply_text("fair_too_late", **values))
    values["before"] = _when(reminder)
    with session() as db:
        there = reminders.signed_up(db, turn.channel, turn.address, one.fair.id, one.day)
    if there:
        return Message(act=ACT, text=wording.reply_text("fair_consented_already", **values))
    asked = reply("fair_consent", ACT)
    worded = asked.text.format(**values)
    turn.set(
        asked=CONSENT,
        pending={"fair": one.fair.id, "day": one.day.isoformat(), "wording": worded},
    )
    return replace(asked, text=_enrolling(one) + worded if enrol else worded)


def _enrolling(one: Occurrence) -> str:
    """Say that nobody is signed up by this, and how one takes part."""
    row = one.fair
    how = row.sign_up or wording.reply_text("fairs_sign_up_unknown", phone=row.phone or "12333")
    return wording.reply_text("fair_enrol", sign_up=how.rstrip("。")) + "\n"


def _when(reminder: reminders.Reminder) -> str:
    """Return when somebody is reminded: 12月2日（周三）10:00."""
    return wording.spoken_opening(reminder.at, clock.now())


def answer_consent(turn: Turn) -> Message | None:
    """Take the yes or no to a reminder; None when the person speaks of something else."""
    pending = turn.slots.get("pending") or {}
    if turn.act not in ("affirm", "deny"):
        return None
    with session() as db:
        found = fairs_on(db, [pending["fair"]], [pending["day"]])
    turn.set(asked=None, pending=None)
    if not found or found[0].fair.state == "cancelled":
        return reply("fair_off", ACT)
    one = found[0]
    values = {"title": one.fair.title, "when": wording.fair_when(one)}
    reminder = reminders.reminder_for(one, clock.now(), quiet_hours())
    if turn.act == "deny":
        return Message(act=ACT, text=wording.reply_text("fair_declined", **values))
    if reminder is None:
        return Message(act=ACT, text=wording.reply_text("fair_too_late", **values))
    with session() as db:
        reminders.sign_up(db, turn.channel, turn.address, reminder, pending["wording"])
    said = wording.reply_text("fair_consented", **values, before=_when(reminder))
    return Message(act=ACT, text=said)


def withdraw(turn: Turn, shown: ListedPlaces | None) -> Message:
    """Take back a wish to be reminded: of the fair spoken of, else of all."""
    at = shown.one if shown else None
    fair = shown.ids[at] if shown and at is not None else None
    day = date.fromisoformat(shown.days[at]) if shown and at is not None else None
    with session() as db:
        gone = reminders.withdraw(db, turn.channel, turn.address, fair, day)
    if shown:
        shown.keep(turn)
    return reply("fair_withdrawn" if gone else "fair_nothing_kept", ACT)
