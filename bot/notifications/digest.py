"""Digests of matched postings, one a person: not too often, not at night, no posting twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import Delivery, DeliveryPosting, Posting, Subscription, SubscriptionMatch
from bot.db.upsert import add_missing
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.quiet_hours import QuietHours, may_push
from bot.matching import Match, card_of, score
from bot.matching.explain import item
from bot.matching.replies import describe_preference, number_buttons
from bot.messages import PostingItem, Postings
from bot.notifications.follow_ups import schedule
from bot.reverse_matching.sql_matcher import features_by_id
from bot.settings import settings
from bot.subscriptions.errors import ShownMeanwhile
from bot.subscriptions.frequency import is_due
from bot.subscriptions.service import address_of, agreed_to_push, preference_of
from bot.wording import wording

_SAY = wording("push")
#: Postings of one digest at most.
POSTINGS = 5
#: States of a delivery that did not arrive: they use up no quota.
_LOST = ("stopped", "failed")


def compose_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Write the digests that are due, each in a transaction of its own; return how many."""
    if not may_push(now, hours):
        return 0
    with session(url) as db:
        waiting = db.scalars(_waiting(now)).all()
    written = 0
    for number in waiting:
        with suppress(ShownMeanwhile), session(url) as db:
            locked = select(Subscription).where(Subscription.id == number)
            subscription = db.scalar(locked.with_for_update(skip_locked=True))
            if subscription is not None:
                written += compose(db, subscription, now, hours) is not None
    return written


def compose(
    db: Session, subscription: Subscription, now: datetime, hours: QuietHours
) -> int | None:
    """Write a subscription's digest with its postings; return the delivery's id.

    None when none is due: nothing new, too soon, at night, enough for this week, or consent was
    taken back. Raises ShownMeanwhile when another worker shows one of the postings at this very
    moment: roll back, the rest comes at the next round.
    """
    if subscription.ended_at or subscription.paused_at or subscription.expires_on <= now.date():
        return None
    address = address_of(db, subscription.seeker_id, subscription.channel)
    allowed = address and agreed_to_push(db, subscription.seeker_id, subscription.channel)
    if not address or not allowed or not _is_time(db, subscription, now, hours):
        return None
    chosen = choose(db, subscription)
    if not chosen:
        return None
    message = digest(db, subscription, chosen)
    ids = [item.id for item in message.items]
    if not ids:
        return None
    draft = DeliveryDraft(
        key=_key(subscription.id, ids),
        channel=subscription.channel,
        address=address,
        kind="digest",
        message=message,
        seeker_id=subscription.seeker_id,
        subscription_id=subscription.id,
        slots={"shown": ids, "subject": "job", "asked": None, "pending": None, "form": None},
    )
    number = put(db, draft, now)
    if number is not None:
        _note_shown(db, subscription, number, ids)
        schedule(db, subscription.seeker_id, subscription.channel, ids[0], now.date())
    return number


def choose(db: Session, subscription: Subscription) -> Sequence[tuple[Posting, SubscriptionMatch]]:
    """Return the best postings that wait for a subscription and that the person has not had."""
    already_shown = exists().where(
        DeliveryPosting.seeker_id == subscription.seeker_id,
        DeliveryPosting.posting_id == SubscriptionMatch.posting_id,
    )
    best = (
        select(Posting, SubscriptionMatch)
        .join(SubscriptionMatch, SubscriptionMatch.posting_id == Posting.id)
        .where(
            SubscriptionMatch.subscription_id == subscription.id,
            Posting.status == "open",
            or_(Posting.valid_until.is_(None), Posting.valid_until >= clock.today()),
            ~already_shown,
        )
        .order_by(SubscriptionMatch.score.desc(), Posting.id)
    )
    return db.execute(best.limit(POSTINGS)).tuples().all()


def digest(
    db: Session, subscription: Subscription, chosen: Sequence[tuple[Posting, SubscriptionMatch]]
) -> Postings:
    """Return a digest as a message."""
    preference = preference_of(subscription)
    features = features_by_id(db, (posting.id for posting, _ in chosen))
    items: list[PostingItem] = [
        item(
            Match(features[posting.id], card_of(posting), score(features[posting.id], preference)),
            preference,
        )
        for posting, _ in chosen
        if posting.id in features
    ]
    return Postings(
        act="subscribe",
        text=_SAY("digest", preference=describe_preference(preference), count=len(items)),
        items=items,
        total=len(items),
        buttons=number_buttons(len(items)),
    )


def _waiting(now: datetime) -> Select[tuple[int]]:
    return (
        select(Subscription.id)
        .where(
            Subscription.ended_at.is_(None),
            Subscription.paused_at.is_(None),
            Subscription.expires_on > now.date(),
            exists().where(SubscriptionMatch.subscription_id == Subscription.id),
        )
        .order_by(Subscription.id)
    )


def _is_time(db: Session, subscription: Subscription, now: datetime, hours: QuietHours) -> bool:
    if not may_push(now, hours):
        return False
    made = select(func.max(Delivery.created_at)).where(
        Delivery.seeker_id == subscription.seeker_id, Delivery.kind == "digest"
    )
    last = db.scalar(made.where(Delivery.subscription_id == subscription.id))
    if not is_due(subscription.frequency, last or subscription.created_at, now):
        return False
    count = select(func.count()).where(
        Delivery.seeker_id == subscription.seeker_id,
        Delivery.kind == "digest",
        Delivery.state.not_in(_LOST),
        Delivery.created_at > now - timedelta(days=7),
    )
    return (db.scalar(count) or 0) < settings().push_weekly


def _note_shown(db: Session, subscription: Subscription, delivery: int, ids: list[int]) -> None:
    rows = [
        {
            "seeker_id": subscription.seeker_id,
            "posting_id": posting,
            "delivery_id": delivery,
            "position": position,
        }
        for position, posting in enumerate(ids, 1)
    ]
    if add_missing(db, DeliveryPosting, rows, ("seeker_id", "posting_id")) < len(rows):
        raise ShownMeanwhile(subscription.id)
    db.execute(
        delete(SubscriptionMatch).where(
            # Other channels too: there it would wait for ever, in the place of another.
            SubscriptionMatch.subscription_id.in_(
                select(Subscription.id).where(Subscription.seeker_id == subscription.seeker_id)
            ),
            SubscriptionMatch.posting_id.in_(ids),
        )
    )


def _key(subscription: int, ids: list[int]) -> str:
    """Return the key of a digest: the same postings for the same subscription are the same one."""
    digest = hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()
    return f"digest:{subscription}:{digest[:24]}"
