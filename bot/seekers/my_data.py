"""Privacy requests: the stored data of a person, shown, exported and deleted on request.

个人信息保护法第四十五条 (to see and to copy) and 第四十七条 (to delete).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.models.preference_columns import stored_fields
from bot.db.tables import Delivery, Seeker, SeekerState, Subscription
from bot.privacy import records
from bot.privacy.records import Group
from bot.privacy.rows import DataSubject, person_at


@dataclass(frozen=True)
class KeptSubscription:
    """A subscription, also one that ended."""

    channel: str
    frequency: str
    created_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class KeptConsent:
    """A consent that the person gave."""

    purpose: str
    channel: str
    version: str
    wording: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class KeptState:
    """A state that the person told."""

    state: str
    told_at: datetime


@dataclass(frozen=True)
class PersonalData:
    """The stored data of a person."""

    since: datetime | None
    """The time of registration; None for a person who has only written."""
    channels: tuple[str, ...]
    """The channels they write on."""
    preference: Mapping[str, Any] | None
    """The fields of their job preference, and `expires_on`, the day from which on it is deleted."""
    subscriptions: tuple[KeptSubscription, ...]
    consents: tuple[KeptConsent, ...]
    states: tuple[KeptState, ...]
    deliveries: int
    """Messages that were sent to them."""
    groups: tuple[Group, ...]
    """All stored data, grouped as in the register of personal data."""

    @property
    def is_registered(self) -> bool:
        """Tell whether something is stored that they agreed to, beyond the conversation alone."""
        return self.since is not None


def personal_data(db: Session, channel: str, address: str) -> PersonalData | None:
    """Return the stored data of the person at an address; None when no table has any."""
    person = person_at(db, channel, address)
    groups = tuple(records.groups(db, person))
    seeker = db.get(Seeker, person.seeker_id) if person.seeker_id is not None else None
    if seeker is None:
        return PersonalData(None, (channel,), None, (), (), (), 0, groups) if groups else None
    own_subscriptions = select(Subscription).where(Subscription.seeker_id == seeker.id)
    states = select(SeekerState).where(SeekerState.seeker_id == seeker.id)
    sent = select(func.count()).where(Delivery.seeker_id == seeker.id)
    return PersonalData(
        since=_china(seeker.created_at),
        channels=tuple(sorted(identity.channel for identity in seeker.identities)),
        preference=_preference(seeker),
        subscriptions=tuple(
            KeptSubscription(row.channel, row.frequency, row.created_at, row.ended_at)
            for row in db.scalars(own_subscriptions.order_by(Subscription.id))
        ),
        consents=tuple(
            KeptConsent(
                consent.purpose, consent.channel, consent.version, consent.wording,
                _china(consent.given_at),
                _china(consent.withdrawn_at) if consent.withdrawn_at else None,
            )
            for consent in seeker.consents
        ),
        states=tuple(
            KeptState(row.state, row.told_at)
            for row in db.scalars(states.order_by(SeekerState.told_at))
        ),
        deliveries=db.scalar(sent) or 0,
        groups=groups,
    )  # fmt: skip


def export(db: Session, channel: str, address: str) -> str:
    """Return all that is kept of the person at an address as the text of a JSON file.

    A summary, and under `records` every row of every table with what it is for and until when.
    """
    summary = personal_data(db, channel, address)
    return exported(db, person_at(db, channel, address), asdict(summary) if summary else {})


def exported(db: Session, person: DataSubject, summary: dict[str, Any] | None = None) -> str:
    """Return all that is kept of a person as the text of a JSON file."""
    content = {**(summary or {}), "records": records.records(db, person)}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def erase(db: Session, channel: str, address: str) -> bool:
    """Delete all that is kept of the person at an address, on all their channels, in all tables.

    Nothing that waits is sent. Returns False when nothing was kept.
    """
    return bool(records.erase(db, person_at(db, channel, address)))


def _preference(seeker: Seeker) -> Mapping[str, Any] | None:
    preference = seeker.preference
    if preference is None:
        return None
    return {**stored_fields(preference), "expires_on": preference.expires_on}


def _china(moment: datetime) -> datetime:
    """Return a moment in China's time; SQLite gives it back without a zone."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=clock.CHINA)
    return moment.astimezone(clock.CHINA)
