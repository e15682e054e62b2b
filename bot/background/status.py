"""Figures of push for operators, and the preview of one seeker's digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.db.tables import Delivery, FollowUp, MonthlyContact, Subscription, SubscriptionMatch
from bot.messages import Postings
from bot.notifications.digest import choose, digest
from bot.subscriptions.errors import NotASubscriber


@dataclass(frozen=True)
class PushStatus:
    """Counts for operators; no address and no text."""

    subscriptions: int
    """Those that run."""
    paused: int
    waiting_matches: int
    deliveries: dict[str, int]
    """By state."""
    overdue: int
    """Deliveries that should have been tried by now."""
    oldest_overdue: datetime | None
    questions_due: int
    monthly_contacts: int
    refused_thrice: int
    """Registered unemployed persons who refused three times or more: for a counsellor to call."""


def status(db: Session, now: datetime) -> PushStatus:
    """Return the figures of push."""
    running = Subscription.ended_at.is_(None)
    overdue = (Delivery.state == "queued", Delivery.next_attempt_at <= now)
    states = db.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).tuples()
    due = (FollowUp.asked_at.is_(None), FollowUp.due_on <= now.date())
    return PushStatus(
        subscriptions=_count(db, running, Subscription.paused_at.is_(None)),
        paused=_count(db, running, Subscription.paused_at.is_not(None)),
        waiting_matches=db.scalar(select(func.count()).select_from(SubscriptionMatch)) or 0,
        deliveries=dict(states.all()),
        overdue=_count(db, *overdue),
        oldest_overdue=db.scalar(select(func.min(Delivery.next_attempt_at)).where(*overdue)),
        questions_due=_count(db, *due),
        monthly_contacts=db.scalar(select(func.count()).select_from(MonthlyContact)) or 0,
        refused_thrice=_count(db, MonthlyContact.refusals >= 3),
    )


def preview(db: Session, seeker_id: int) -> list[Postings]:
    """Return the digests that wait for a seeker, one a subscription; nothing is written.

    Raises NotASubscriber when the seeker has no running subscription.
    """
    query = select(Subscription).where(
        Subscription.seeker_id == seeker_id, Subscription.ended_at.is_(None)
    )
    subscriptions = db.scalars(query.order_by(Subscription.id)).all()
    if not subscriptions:
        raise NotASubscriber(seeker_id)
    return [digest(db, subscription, choose(db, subscription)) for subscription in subscriptions]


def _count(db: Session, *conditions: ColumnElement[bool]) -> int:
    return db.scalar(select(func.count()).where(*conditions)) or 0
