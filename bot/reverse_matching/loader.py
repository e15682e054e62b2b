"""Loading of subscriptions as codes: all of them in batches, or the changed ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.comma_lists import split
from bot.db.tables import JobPreferenceRow, Subscription, SubscriptionOccupation
from bot.reverse_matching.columns import ROW, Ints, Rows
from bot.reverse_matching.encoding import MAX_PAY, Place, PreferenceEncoding
from bot.subscriptions.preference_rows import normalise_places

#: Subscriptions that are read at once: what is held as Python objects for a moment.
BATCH = 10_000
#: Ids that are asked for in one query.
_IDS_PER_QUERY = 500
_COLUMNS = (
    Subscription.id,
    Subscription.region_code,
    Subscription.also_regions,
    Subscription.salary_min,
    Subscription.work_time,
    Subscription.education,
    Subscription.excluded,
    Subscription.welfare,
    Subscription.expires_on,
    Subscription.ended_at,
    Subscription.paused_at,
)


@dataclass(frozen=True)
class Changes:
    """Changed subscriptions."""

    ids: Ints
    """Ids that may have changed, also those that run no more."""
    rows: Rows
    """Those of them that run, as they are now."""


def running() -> ColumnElement[bool]:
    """Return the condition that a subscription runs today."""
    return and_(
        Subscription.ended_at.is_(None),
        Subscription.paused_at.is_(None),
        Subscription.expires_on > clock.today(),
    )


def load_all(db: Session, book: PreferenceEncoding) -> Rows:
    """Read all running subscriptions, a batch at a time."""
    parts = list(_batches(db, book))
    return np.concatenate(parts) if parts else np.empty(0, ROW)


def _batches(db: Session, book: PreferenceEncoding) -> Iterator[Rows]:
    last = 0
    while True:
        query = select(*_COLUMNS).where(Subscription.id > last, running())
        subscriptions = db.execute(query.order_by(Subscription.id).limit(BATCH)).all()
        if not subscriptions:
            return
        between = SubscriptionOccupation.subscription_id.between(last + 1, subscriptions[-1].id)
        yield _rows(book, subscriptions, _trades(db, between))
        last = subscriptions[-1].id


def load_changed(db: Session, book: PreferenceEncoding, since: datetime, after: int) -> Changes:
    """Read what is new (an id beyond `after`) or may have changed since a moment.

    A wish changes together with the seeker's kept preference, which bears the moment.
    """
    seekers = select(JobPreferenceRow.seeker_id).where(JobPreferenceRow.updated_at >= since)
    query = select(*_COLUMNS).where(
        or_(
            Subscription.id > after,
            Subscription.created_at >= since,
            Subscription.paused_at >= since,
            Subscription.ended_at >= since,
            Subscription.seeker_id.in_(seekers),
        )
    )
    return _changes(db, book, db.execute(query).all())


def load_by_ids(db: Session, book: PreferenceEncoding, ids: Sequence[int]) -> Changes:
    """Read some subscriptions by their ids."""
    subscriptions: list[Row[Any]] = []
    for start in range(0, len(ids), _IDS_PER_QUERY):
        condition = Subscription.id.in_(ids[start : start + _IDS_PER_QUERY])
        subscriptions += db.execute(select(*_COLUMNS).where(condition)).all()
    return _changes(db, book, subscriptions)


def count_and_sum(db: Session) -> tuple[int, int]:
    """Return how many subscriptions run, and the sum of their ids: cheap, and hardly ever equal
    for two different sets."""
    query = select(func.count(), func.coalesce(func.sum(Subscription.id), 0)).where(running())
    count, total = db.execute(query).one()
    return int(count), int(total)


def running_ids(db: Session) -> Ints:
    """Return the ids of all running subscriptions, ascending."""
    query = select(Subscription.id).where(running()).order_by(Subscription.id)
    return np.fromiter(db.scalars(query.execution_options(yield_per=BATCH)), np.int64)


def _changes(db: Session, book: PreferenceEncoding, subscriptions: Sequence[Row[Any]]) -> Changes:
    ids = [row.id for row in subscriptions]
    today = clock.today()
    runs = [
        row
        for row in subscriptions
        if row.ended_at is None and row.paused_at is None and row.expires_on > today
    ]
    trades: dict[int, list[str]] = {}
    for start in range(0, len(runs), _IDS_PER_QUERY):
        ids_of_batch = [row.id for row in runs[start : start + _IDS_PER_QUERY]]
        trades |= _trades(db, SubscriptionOccupation.subscription_id.in_(ids_of_batch))
    return Changes(np.array(ids, np.int64), _rows(book, runs, trades))


def _trades(db: Session, condition: ColumnElement[bool]) -> dict[int, list[str]]:
    query = select(SubscriptionOccupation.subscription_id, SubscriptionOccupation.occupation_name)
    names_by_id: dict[int, list[str]] = {}
    for number, name in db.execute(query.where(condition)).tuples():
        names_by_id.setdefault(number, []).append(name)
    return names_by_id


def _rows(
    book: PreferenceEncoding, subscriptions: Sequence[Row[Any]], trades: dict[int, list[str]]
) -> Rows:
    """Code subscriptions: one row for each place that will do."""
    coded = []
    for row in subscriptions:
        rest = (
            min(max(row.salary_min or 0, 0), MAX_PAY),
            book.times.encode(row.work_time or None),
            book.schooling.encode(row.education or None),
            book.welfare.encode(split(row.welfare)),
            book.excluded.encode(tuple(sorted(split(row.excluded)))),
            row.expires_on.toordinal(),
        )
        trades_code = book.trades.encode(tuple(sorted(trades.get(row.id, ()))))
        for number, place in enumerate(_places(row.region_code, row.also_regions)):
            coded.append((row.id, number > 0, trades_code, book.places.encode(place), *rest))
    return np.array(coded, ROW)


def _places(region_code: str | None, also_regions: str) -> list[Place]:
    first, also = normalise_places(region_code, also_regions)
    further: list[Place] = [(code, True) for code in also]
    if first is None:
        return further or [None]
    return [(first, False), *further]
