"""Subscribing, with consent on record, and unsubscribing, which holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import (
    ChannelIdentity,
    Consent,
    JobPreferenceRow,
    Seeker,
    Subscription,
    SubscriptionMatch,
)
from bot.delivery.outbox import stop_waiting
from bot.matching.job_preference import JobPreference
from bot.matching.stored_preference import from_row, to_row
from bot.privacy.consents import agrees, record
from bot.seekers.identity import find_seeker, seeker_of
from bot.seekers.opt_out import PUSHES
from bot.subscriptions.frequency import Frequency
from bot.subscriptions.preference_rows import normalise_places

#: Time that a preference is kept without a word from the seeker.
KEEP_PERIOD = timedelta(days=180)
#: Purposes that a subscriber agrees to, and a person with a registered preference
#: (data/privacy/consents.yml).
SUBSCRIBES, REGISTERS = ("push", "keep_preference"), ("keep_preference", "counsel")


def subscribe(
    db: Session,
    channel: str,
    address: str,
    preference: JobPreference,
    frequency: Frequency,
    wording: str,
) -> Subscription:
    """Subscribe an address to new postings, or change what it is subscribed to.

    `wording` is what the person agreed to, word for word; it is kept with the moment and the
    channel (个人信息保护法第十四条: consent is given freely, clearly and in full knowledge).
    """
    seeker, now = seeker_of(db, channel, address), clock.now()
    subscription = _running_of(db, seeker.id, channel)
    if subscription is None:
        subscription = Subscription(seeker_id=seeker.id, channel=channel, created_at=now)
        db.add(subscription)
    to_row(preference, subscription)
    subscription.frequency, subscription.paused_at = frequency, None
    subscription.expires_on = (now + KEEP_PERIOD).date()
    _store_preference(seeker, preference, now)
    _agree(seeker, channel, wording, SUBSCRIBES, now)
    db.flush()
    # Matches of the previous preference do not suit the present one.
    db.execute(
        SubscriptionMatch.__table__.delete().where(  # type: ignore[attr-defined]
            SubscriptionMatch.subscription_id == subscription.id
        )
    )
    return subscription


def save_preference(
    db: Session, channel: str, address: str, preference: JobPreference, wording: str
) -> None:
    """Keep a job preference without pushing anything; `wording` is what was agreed to."""
    seeker, now = seeker_of(db, channel, address), clock.now()
    _store_preference(seeker, preference, now)
    _agree(seeker, channel, wording, REGISTERS, now)
    db.flush()


def running(db: Session, channel: str, address: str) -> Subscription | None:
    """Return the subscription of an address; None when it has none or ended it."""
    seeker = find_seeker(db, channel, address)
    return _running_of(db, seeker.id, channel) if seeker else None


def last_preference(db: Session, channel: str, address: str) -> JobPreference | None:
    """Return the preference of an address's last subscription, also of one that it ended.

    None when there is none, or when the person no longer agrees to its being kept.
    """
    seeker = find_seeker(db, channel, address)
    if seeker is None or seeker.preference is None:
        return None
    last = db.scalar(
        select(Subscription)
        .where(Subscription.seeker_id == seeker.id, Subscription.channel == channel)
        .order_by(Subscription.ended_at.is_not(None), Subscription.id.desc())
        .limit(1)
    )
    return preference_of(last) if last else None


def unsubscribe(db: Session, channel: str, address: str) -> bool:
    """Stop everything that is pushed to an address, what waits in the outbox too, and at once.

    Returns False when nothing was running; a second time changes nothing. Other channels of the
    same seeker go on.
    """
    seeker, now = find_seeker(db, channel, address), clock.now()
    stopped = stop_waiting(db, channel, address)
    if seeker is None:
        return bool(stopped)
    ended = db.execute(
        update(Subscription)
        .where(
            Subscription.seeker_id == seeker.id,
            Subscription.channel == channel,
            Subscription.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    withdrawn = db.execute(
        update(Consent)
        .where(
            Consent.seeker_id == seeker.id,
            Consent.channel == channel,
            Consent.purpose.in_(sorted(PUSHES)),
            Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    counts = (ended.rowcount, withdrawn.rowcount)  # type: ignore[attr-defined]
    return bool(stopped or any(counts))


def change_preference(db: Session, channel: str, address: str, preference: JobPreference) -> bool:
    """Change what a running subscription looks for, as the person agreed; False without one."""
    subscription = running(db, channel, address)
    if subscription is None:
        return False
    to_row(preference, subscription)
    seeker = db.get_one(Seeker, subscription.seeker_id)
    _store_preference(seeker, preference, clock.now())
    db.flush()
    return True


def pause(db: Session, seeker_id: int) -> int:
    """Pause all subscriptions of a seeker who has work; subscribing again goes on with them."""
    result = db.execute(
        update(Subscription)
        .where(
            Subscription.seeker_id == seeker_id,
            Subscription.ended_at.is_(None),
            Subscription.paused_at.is_(None),
        )
        .values(paused_at=clock.now())
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def agreed_to_push(db: Session, seeker_id: int, channel: str) -> bool:
    """Tell whether a seeker's consent to pushes on a channel holds.

    A consent to an earlier wording no longer counts: it is renewed (bot/notifications/renewal).
    """
    return agrees(db, seeker_id, "push", channel)


def address_of(db: Session, seeker_id: int, channel: str) -> str | None:
    """Return the address of a seeker on a channel."""
    return db.scalar(
        select(ChannelIdentity.address).where(
            ChannelIdentity.seeker_id == seeker_id, ChannelIdentity.channel == channel
        )
    )


def preference_of(subscription: Subscription) -> JobPreference:
    """Return the preference of a subscription, none of its places within another."""
    region, also = normalise_places(subscription.region_code, subscription.also_regions)
    return replace(from_row(subscription), region_code=region, also_regions=also)


def _running_of(db: Session, seeker_id: int, channel: str) -> Subscription | None:
    return db.scalar(
        select(Subscription).where(
            Subscription.seeker_id == seeker_id,
            Subscription.channel == channel,
            Subscription.ended_at.is_(None),
        )
    )


def _store_preference(seeker: Seeker, preference: JobPreference, now: datetime) -> None:
    stored = seeker.preference or JobPreferenceRow()
    to_row(preference, stored)
    stored.updated_at, stored.expires_on = now, (now + KEEP_PERIOD).date()
    seeker.preference = stored


def _agree(
    seeker: Seeker, channel: str, wording: str, purposes: Sequence[str], now: datetime
) -> None:
    for purpose in purposes:
        record(seeker, purpose, channel, wording, now)
