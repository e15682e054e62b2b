"""Notices of new courses to subscribers: a trade and a city kept with consent.

Like new postings, they go through the outbox; each course is told once, at most one message a day,
never in quiet hours. What is told is noted in the transaction that writes the delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import Consent, Course, CourseNotice, CourseSubscription, Delivery
from bot.db.upsert import add_missing
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.quiet_hours import QuietHours, may_push
from bot.fixed_replies import reply
from bot.messages import Message
from bot.places import wording
from bot.places.figures import figures
from bot.places.find import is_visible, joinable
from bot.privacy.consents import agrees, record
from bot.seekers.identity import find_seeker, seeker_of
from bot.subscriptions.service import address_of
from bot.vocabulary.vocabulary import vocabulary

#: What is agreed to, and the kind of the deliveries.
PURPOSE, KIND = "course_news", "course"
TIMES = {"day": "白天上课", "evening": "晚上上课", "weekend": "周末上课"}


@dataclass(frozen=True)
class CourseNeed:
    """The courses that a subscriber is told of."""

    occupation: str
    city: str
    """GB/T 2260 code."""
    time: str = ""
    free: bool = False

    def in_words(self) -> str:
        """Return it as people read it: 沈阳市晚上上课的免费的焊工培训班."""
        qualities = [TIMES[self.time]] if self.time else []
        qualities += ["免费"] if self.free else []
        city_name = wording.region_text(self.city)
        return (
            f"{city_name}{''.join(f'{quality}的' for quality in qualities)}{self.occupation}培训班"
        )


def subscribe(db: Session, channel: str, address: str, need: CourseNeed, worded: str) -> None:
    """Subscribe a person to new courses; `worded` is the wording of the consent.

    What is there already is not new. A second time renews it.
    """
    seeker, now = seeker_of(db, channel, address), clock.now()
    record(seeker, PURPOSE, channel, worded, now)
    db.flush()
    key = {
        "seeker_id": seeker.id, "channel": channel, "occupation_name": need.occupation,
        "region_code": need.city,
    }  # fmt: skip
    changed = {
        "time": need.time, "free": need.free,
        "expires_on": now.date() + timedelta(days=figures().course_days),
    }  # fmt: skip
    row = {**key, **changed, "created_at": now}
    add_missing(db, CourseSubscription, [row], tuple(key), tuple(changed))
    subscription = db.scalars(select(CourseSubscription).filter_by(**key)).one()
    _note(
        db, subscription, [course.id for course in _new_courses(db, subscription, now.date())], now
    )


def subscribed(db: Session, channel: str, address: str, need: CourseNeed) -> bool:
    """Tell whether a person is subscribed to new courses of a trade in a city."""
    seeker = find_seeker(db, channel, address)
    if seeker is None or not agrees(db, seeker.id, PURPOSE, channel):
        return False
    query = select(CourseSubscription.id).filter_by(
        seeker_id=seeker.id, channel=channel, occupation_name=need.occupation,
        region_code=need.city, time=need.time, free=need.free,
    )  # fmt: skip
    return db.scalar(query) is not None


def withdraw(db: Session, channel: str, address: str) -> int:
    """Delete a person's subscriptions to courses on a channel; return how many.

    What waits in the outbox is stopped, and the consent taken back.
    """
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        return 0
    own_deliveries = (
        Delivery.seeker_id == seeker.id,
        Delivery.channel == channel,
        Delivery.kind == KIND,
    )
    waiting = update(Delivery).where(*own_deliveries, Delivery.state.in_(("queued", "sending")))
    db.execute(waiting.values(state="stopped", claim=None, lease_until=None))
    own_subscriptions = (
        CourseSubscription.seeker_id == seeker.id,
        CourseSubscription.channel == channel,
    )
    subscription_ids = list(db.scalars(select(CourseSubscription.id).where(*own_subscriptions)))
    _delete(db, subscription_ids)
    db.execute(
        update(Consent)
        .where(
            Consent.seeker_id == seeker.id, Consent.channel == channel,
            Consent.purpose == PURPOSE, Consent.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=clock.now())
    )  # fmt: skip
    return len(subscription_ids)


def notify_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Put what is new into the outbox, a subscription a transaction; return how many messages."""
    if not may_push(now, hours):
        return 0
    with session(url) as db:
        waiting = _waiting(db, now)
    count = 0
    for number in waiting:
        with session(url) as db:
            locked = select(CourseSubscription).where(CourseSubscription.id == number)
            subscription = db.scalar(locked.with_for_update(skip_locked=True))
            count += subscription is not None and _notify(db, subscription, now)
    return count


def _waiting(db: Session, now: datetime) -> list[int]:
    """Return the subscriptions that were not told today and have a course to hear of."""
    today = now.astimezone(CHINA).date()
    due = _is_due(now)
    trades = select(CourseSubscription.occupation_name).where(due).distinct()
    subscription_ids: list[int] = []
    for trade in db.scalars(trades).all():
        is_new = _is_new(db, trade, today)
        query = select(CourseSubscription.id).where(
            due, CourseSubscription.occupation_name == trade, exists().where(is_new)
        )
        subscription_ids += db.scalars(query.order_by(CourseSubscription.id))
    return subscription_ids


def _is_due(now: datetime) -> ColumnElement[bool]:
    begin = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
    told_at = CourseSubscription.told_at
    return and_(
        or_(told_at.is_(None), told_at < begin),
        CourseSubscription.expires_on >= now.astimezone(CHINA).date(),
    )


def _is_new(db: Session, trade: str, today: date) -> ColumnElement[bool]:
    """Return the condition that a course suits a subscription to a trade and was not told."""
    already_told = (
        exists()
        .where(
            CourseNotice.subscription_id == CourseSubscription.id,
            CourseNotice.course_id == Course.id,
        )
        .correlate(CourseSubscription, Course)
    )
    city = func.substr(Course.region_code, 1, 4) == func.substr(
        CourseSubscription.region_code, 1, 4
    )
    at_time = ("," + Course.times + ",").like("%," + CourseSubscription.time + ",%")
    return and_(
        is_visible(db, Course),
        *joinable(today),
        Course.state != "full",
        Course.occupation_name.in_(vocabulary().covered([trade])),
        city,
        or_(CourseSubscription.time == "", at_time),
        or_(CourseSubscription.free == false(), Course.fee == 0),
        ~already_told,
    )


def _new_courses(db: Session, subscription: CourseSubscription, today: date) -> Sequence[Course]:
    query = (
        select(Course)
        .join(CourseSubscription, CourseSubscription.id == subscription.id)
        .where(_is_new(db, subscription.occupation_name, today))
        .order_by(Course.starts_on.is_(None), Course.starts_on, Course.id)
    )
    return db.scalars(query).all()


def _notify(db: Session, subscription: CourseSubscription, now: datetime) -> bool:
    """Write what one person is told; False when there is nothing to tell any more."""
    address = address_of(db, subscription.seeker_id, subscription.channel)
    if not address or not agrees(db, subscription.seeker_id, PURPOSE, subscription.channel):
        _delete(db, [subscription.id])
        return False
    courses = _new_courses(db, subscription, now.astimezone(CHINA).date())
    if not courses or (
        subscription.told_at is not None and subscription.told_at.date() == now.date()
    ):
        return False
    _note(db, subscription, [course.id for course in courses], now)
    subscription.told_at = now
    need = CourseNeed(
        subscription.occupation_name, subscription.region_code, subscription.time, subscription.free
    )
    draft = DeliveryDraft(
        key=f"course:{subscription.id}:{courses[0].id}", channel=subscription.channel,
        address=address, kind=KIND, message=news(need, courses),
        seeker_id=subscription.seeker_id, slots=_slots(need, courses),
    )  # fmt: skip
    return put(db, draft, now) is not None


def news(need: CourseNeed, courses: Sequence[Course]) -> Message:
    """Return the word that there are new courses: the first ones, and how many there are."""
    rows = courses[: figures().listed]
    template = reply("course_news", "training")
    head = template.text.format(what=need.in_words(), total=len(courses))
    lines = [wording.course_line(row) for row in rows]
    demo = any(row.demo for row in rows)
    notes = f"{wording.sureness(rows, KIND)}\n{wording.reply_text('course_news_stop')}"
    return wording.listings("training", head, lines, notes, template.buttons, demo=demo)


def _slots(need: CourseNeed, courses: Sequence[Course]) -> dict[str, Any]:
    """Return what stands before the person then, so that 咋报名 and 不学了 are understood."""
    listed = {
        "kind": "course", "ids": [row.id for row in courses[: figures().listed]], "days": [],
        "viewed": None, "region": need.city, "point": None, "asks": KIND,
        "wish": {"occupation": need.occupation},
    }  # fmt: skip
    return {"places": listed, "subject": "places", "asked": None, "pending": None, "form": None}


def _note(
    db: Session, subscription: CourseSubscription, courses: Sequence[int], now: datetime
) -> None:
    rows = [
        {"subscription_id": subscription.id, "course_id": course, "noted_at": now}
        for course in courses
    ]
    if rows:
        add_missing(db, CourseNotice, rows, ("subscription_id", "course_id"))


def _delete(db: Session, numbers: Sequence[int]) -> None:
    for table, column in (
        (CourseNotice, CourseNotice.subscription_id), (CourseSubscription, CourseSubscription.id),
    ):  # fmt: skip
        db.execute(delete(table).where(column.in_(numbers)))
