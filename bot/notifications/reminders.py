"""Reminders of fairs: sign-ups with consent, one reminder, and cancellations.

Each is put into the outbox in the transaction that notes it, under a key of the sign-up: a process
that is killed loses none and sends none twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Consent, Delivery, Fair, FairSignup
from bot.db.upsert import add_missing
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.quiet_hours import QuietHours, may_push, next_allowed
from bot.fixed_replies import reply
from bot.messages import Message
from bot.places import wording
from bot.places.figures import figures
from bot.places.occurrences import Occurrence, occurrences
from bot.privacy.consents import agrees, record
from bot.seekers.identity import find_seeker, seeker_of
from bot.subscriptions.service import address_of

#: What is agreed to, and the kind of the deliveries.
PURPOSE, KIND = "fair_reminder", "fair"
#: States of a sign-up that a cancellation is still told to.
_LIVE = ("waiting", "reminded")
#: Days before a fair on which a day is looked for that may be pushed on.
_MAX_DAYS_BEFORE = 14


@dataclass(frozen=True)
class Reminder:
    """A fair on a day with the moment of its reminder."""

    occurrence: Occurrence
    remind_at: datetime


def reminder_for(occurrence: Occurrence, now: datetime, hours: QuietHours) -> Reminder | None:
    """Return the reminder of a fair; None when there is no time left before it.

    On the last day before it on which something may be pushed, from the hour of the figures on;
    when that is past, as soon as something may be pushed before it begins.
    """
    for days in range(1, _MAX_DAYS_BEFORE):
        day = occurrence.day - timedelta(days=days)
        remind_at = datetime.combine(day, time(figures().remind_hour), CHINA)
        if may_push(remind_at, hours):
            if remind_at > now:
                return Reminder(occurrence, remind_at)
            break
    soon = next_allowed(now, hours)
    return Reminder(occurrence, soon) if soon < occurrence.begins else None


def sign_up(db: Session, channel: str, address: str, reminder: Reminder, worded: str) -> None:
    """Sign a person up for a fair's reminder; `worded` is the wording of the consent.

    A second time changes the moment of the reminder, unless it was sent already.
    """
    seeker, now = seeker_of(db, channel, address), clock.now()
    record(seeker, PURPOSE, channel, worded, now)
    db.flush()
    row = {
        "seeker_id": seeker.id,
        "channel": channel,
        "fair_id": reminder.occurrence.fair.id,
        "takes_place_on": reminder.occurrence.day,
        "state": "waiting",
        "remind_at": reminder.remind_at,
        "signed_up_at": now,
    }
    renewed = ("channel", "state", "remind_at")
    add_missing(db, FairSignup, [row], ("seeker_id", "fair_id", "takes_place_on"), renewed)


def signed_up(db: Session, channel: str, address: str, fair: int, day: date) -> bool:
    """Tell whether a person is signed up for a fair's reminder."""
    seeker = find_seeker(db, channel, address)
    if seeker is None or not agrees(db, seeker.id, PURPOSE, channel):
        return False
    query = select(FairSignup.id).where(
        FairSignup.seeker_id == seeker.id,
        FairSignup.fair_id == fair,
        FairSignup.takes_place_on == day,
        FairSignup.state == "waiting",
    )
    return db.scalar(query) is not None


def withdraw(
    db: Session, channel: str, address: str, fair: int | None = None, day: date | None = None
) -> int:
    """Delete a person's sign-ups on a channel (for one fair on a day, where named); how many.

    A reminder that waits in the outbox is stopped, and the consent taken back when none is left.
    """
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        return 0
    own_signups = (FairSignup.seeker_id == seeker.id, FairSignup.channel == channel)
    chosen = own_signups if fair is None else (*own_signups, FairSignup.fair_id == fair)
    if day is not None:
        chosen = (*chosen, FairSignup.takes_place_on == day)
    numbers = list(db.scalars(select(FairSignup.id).where(*chosen)))
    keys = [key for number in numbers for key in (_key(number), _off_key(number))]
    waiting = update(Delivery).where(
        Delivery.key.in_(keys), Delivery.state.in_(("queued", "sending"))
    )
    db.execute(waiting.values(state="stopped", claim=None, lease_until=None))
    db.execute(delete(FairSignup).where(FairSignup.id.in_(numbers)))
    if db.scalar(select(FairSignup.id).where(*own_signups).limit(1)) is None:
        db.execute(
            update(Consent)
            .where(
                Consent.seeker_id == seeker.id,
                Consent.channel == channel,
                Consent.purpose == PURPOSE,
                Consent.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=clock.now())
        )
    return len(numbers)


def remind_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Put the reminders that are due, and cancellations, into the outbox; return how many.

    Each in a transaction of its own; nothing in quiet hours.
    """
    if not may_push(now, hours):
        return 0
    with session(url) as db:
        waiting = db.scalars(_due(now)).all()
    count = 0
    for number in waiting:
        with session(url) as db:
            locked = select(FairSignup).where(FairSignup.id == number)
            signup = db.scalar(locked.with_for_update(skip_locked=True))
            count += signup is not None and _notify(db, signup, now)
    return count


def _due(now: datetime) -> Any:
    off = and_(
        FairSignup.state.in_(_LIVE),
        FairSignup.takes_place_on >= now.date(),
        Fair.state.in_(("cancelled", "closed")),
    )
    due = and_(FairSignup.state == "waiting", FairSignup.remind_at <= now)
    joined = select(FairSignup.id).join(Fair, Fair.id == FairSignup.fair_id)
    return joined.where(or_(off, due)).order_by(FairSignup.id)


def _notify(db: Session, signup: FairSignup, now: datetime) -> bool:
    """Write what one person is told; False when there is nothing to tell any more."""
    fair = db.get_one(Fair, signup.fair_id)
    day = signup.takes_place_on
    dates = occurrences(fair, day, day)
    off = fair.state in ("cancelled", "closed") or not dates
    if off and signup.state not in _LIVE:
        return False
    if not off and (signup.state != "waiting" or signup.remind_at > now):
        return False
    signup.state = "called_off" if off else "reminded"
    address = address_of(db, signup.seeker_id, signup.channel)
    if not address or not agrees(db, signup.seeker_id, PURPOSE, signup.channel):
        return False
    if not off and dates[0].begins <= now:
        signup.state = "missed"
        return False
    message = cancellation_message(fair, day) if off else reminder_message(dates[0])
    draft = DeliveryDraft(
        key=_off_key(signup.id) if off else _key(signup.id),
        channel=signup.channel,
        address=address,
        kind=KIND,
        message=message,
        seeker_id=signup.seeker_id,
    )
    return put(db, draft, now) is not None


def reminder_message(occurrence: Occurrence) -> Message:
    """Return the reminder of a fair."""
    template, row = reply("fair_reminder", "fair"), occurrence.fair
    text = template.text.format(
        title=row.title,
        when=wording.fair_when(occurrence),
        address=wording.address(row),
        sign_up=f"{row.sign_up}。" if row.sign_up else "",
    )
    return replace(template, text=text + wording.sureness([row], "fair"))


def cancellation_message(fair: Fair, day: date) -> Message:
    """Return the word that a fair does not take place."""
    template = reply("fair_called_off", "fair")
    text = template.text.format(title=fair.title, when=wording.spoken_day(day))
    return replace(template, text=text + (wording.reply_text("places_demo") if fair.demo else ""))


def _key(signup: int) -> str:
    return f"fair:{signup}"


def _off_key(signup: int) -> str:
    return f"fair_off:{signup}"
