"""What is kept of a person: shown, exported and deleted when he asks.

个人信息保护法第四十五条 (to see and to copy) and 第四十七条 (to delete).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.lists import split
from bot.db.tables import (
    ConversationEvent,
    ConversationStart,
    Delivery,
    InboxMessage,
    Seeker,
    SeekerState,
    Subscription,
    Ticket,
    WebMessage,
)
from bot.seekers.identity import find_seeker


@dataclass(frozen=True)
class KeptPreference:
    """The job a person wants, as it is kept."""

    occupations: tuple[str, ...]
    region_code: str | None
    also_regions: tuple[str, ...]
    salary_min: int | None
    """Yuan a month."""
    salary_max: int | None
    work_time: str | None
    welfare: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True)
class KeptSubscription:
    """A subscription, also one that ended."""

    channel: str
    frequency: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class KeptConsent:
    """What the person agreed to."""

    purpose: str
    channel: str
    wording: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class KeptState:
    """How the person was doing, as told."""

    state: str
    told_at: datetime


@dataclass(frozen=True)
class Kept:
    """All that is kept of a person beside the conversation itself."""

    since: datetime
    channels: tuple[str, ...]
    """The channels he writes on."""
    preference: KeptPreference | None
    subscriptions: tuple[KeptSubscription, ...]
    consents: tuple[KeptConsent, ...]
    states: tuple[KeptState, ...]
    deliveries: int
    """Messages that were written to him."""


def kept(db: Session, channel: str, address: str) -> Kept | None:
    """Return what is kept of the person at an address; None when nothing is."""
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        return None
    mine = Subscription.seeker_id == seeker.id
    told = select(SeekerState).where(SeekerState.seeker_id == seeker.id)
    sent = select(func.count()).where(Delivery.seeker_id == seeker.id)
    return Kept(
        since=_china(seeker.created_at),
        channels=tuple(sorted(one.channel for one in seeker.identities)),
        preference=_preference(seeker),
        subscriptions=tuple(
            KeptSubscription(one.channel, one.frequency, one.created_at, one.ended_at)
            for one in db.scalars(select(Subscription).where(mine).order_by(Subscription.id))
        ),
        consents=tuple(
            KeptConsent(
                one.purpose, one.channel, one.wording, _china(one.given_at),
                _china(one.withdrawn_at) if one.withdrawn_at else None,
            )
            for one in seeker.consents
        ),
        states=tuple(
            KeptState(one.state, one.told_at)
            for one in db.scalars(told.order_by(SeekerState.told_at))
        ),
        deliveries=db.scalar(sent) or 0,
    )  # fmt: skip


def export(data: Kept) -> str:
    """Return what is kept as the text of a JSON file, for the person to take along."""
    return json.dumps(asdict(data), ensure_ascii=False, indent=1, default=str)


def erase(db: Session, channel: str, address: str) -> bool:
    """Delete all that is kept of the person at an address, on all his channels.

    Of deliveries only the count stays: no body, no address, nothing that leads to the person, and
    what still waits is not sent. Returns False when nothing was kept.
    """
    forget_talk(db, channel, address)
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        return False
    for one in seeker.identities:
        forget_talk(db, one.channel, one.address)
    mine = Delivery.seeker_id == seeker.id
    waiting = Delivery.state.in_(("queued", "sending"))
    db.execute(update(Delivery).where(mine, waiting).values(state="stopped", claim=None))
    blank = {"body": "", "slots": "{}", "address": "", "provider_id": None, "seeker_id": None}
    db.execute(update(Delivery).where(mine).values(**blank, subscription_id=None))
    db.expunge(seeker)
    db.execute(delete(Seeker).where(Seeker.id == seeker.id))
    return True


def forget_talk(db: Session, channel: str, address: str) -> None:
    """Delete what was said at an address: tickets, what the web page restores, what was answered.

    Of a person of whom nothing else is kept too. A ticket goes with its conversation, and so do the
    conversation's events: what remembers it finds them gone and begins anew.
    """
    db.execute(delete(Ticket).where(Ticket.channel == channel, Ticket.address == address))
    here_in = (InboxMessage.channel == channel, InboxMessage.address == address)
    db.execute(delete(InboxMessage).where(*here_in))
    if channel == "web":
        db.execute(delete(WebMessage).where(WebMessage.session == address))
    here = update(Delivery).where(Delivery.channel == channel, Delivery.address == address)
    waiting = here.where(Delivery.state.in_(("queued", "sending")))
    db.execute(waiting.values(state="stopped", claim=None))
    for table in (ConversationEvent, ConversationStart):
        db.execute(delete(table).where(table.sender_id == address))
    talked = here.where(Delivery.kind == "hand_off")
    db.execute(talked.values(body="", slots="{}", address="", provider_id=None))


def _preference(seeker: Seeker) -> KeptPreference | None:
    one = seeker.preference
    if one is None:
        return None
    return KeptPreference(
        occupations=split(one.occupations),
        region_code=one.region_code,
        also_regions=split(one.also_regions),
        salary_min=one.salary_min,
        salary_max=one.salary_max,
        work_time=one.work_time,
        welfare=split(one.welfare),
        expires_on=one.expires_on,
    )


def _china(moment: datetime) -> datetime:
    """Return a moment in China's time; SQLite gives it back without a zone."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=clock.CHINA)
    return moment.astimezone(clock.CHINA)
