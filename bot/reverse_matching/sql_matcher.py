"""Matching of new and changed postings to subscriptions by index.

`matching_subscriptions` is a query; `bot.reverse_matching.matcher` takes its place, with the same
result, where there are many subscriptions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union
from sqlalchemy.orm import Session, selectinload

from bot import clock
from bot.db.models.imports import is_shown
from bot.db.tables import (
    MatchedPosting,
    Posting,
    PostingOccupation,
    Subscription,
    SubscriptionMatch,
    SubscriptionOccupation,
)
from bot.db.upsert import add_missing
from bot.matching import Features, score, violated_conditions
from bot.matching.explain import reasons
from bot.matching.feature_loader import load_features, read_words
from bot.matching.refusals import is_refused
from bot.reverse_matching.match import NewMatch
from bot.reverse_matching.top_k import forget_changed, keep_best
from bot.subscriptions.service import preference_of

#: Postings that are matched in one transaction.
BATCH = 200


Matcher = Callable[[Session, Sequence[int]], Iterable[NewMatch]]


def matching_subscriptions(db: Session, posting_ids: Sequence[int]) -> Iterator[NewMatch]:
    """Yield the matches of some open postings with all running subscriptions.

    Keeps every condition of a preference: place, occupation, pay from its lower end, working time,
    and nothing that was ruled out.
    """
    pairs = db.execute(_pairs(posting_ids)).tuples().all()
    subscriptions = _by_id(db, Subscription, {subscription for subscription, _ in pairs})
    preferences = {number: preference_of(row) for number, row in subscriptions.items()}
    features = features_by_id(db, {posting for _, posting in pairs})
    for subscription_id, posting_id in pairs:
        preference, posting = preferences[subscription_id], features.get(posting_id)
        if (
            posting is None
            or violated_conditions(posting, preference) != frozenset()
            or is_refused(posting, preference)
        ):
            continue
        total = round(score(posting, preference).total, 4)
        yield NewMatch(subscription_id, posting_id, total, tuple(reasons(posting, preference)))


def features_by_id(db: Session, ids: Iterable[int]) -> dict[int, Features]:
    """Return open postings as scoring sees them, with what their words say."""
    return {
        features.posting_id: features for features in read_words(db, load_features(db, sorted(ids)))
    }


def match_new(
    db: Session, matcher: Matcher = matching_subscriptions, batch: int = BATCH
) -> tuple[int, int]:
    """Match the next new or changed postings; what is found waits for the next digest.

    Returns how many postings were matched and how many matches they made; (0, 0) at the end.
    """
    rows = db.execute(_unmatched().limit(batch)).tuples().all()
    if not rows:
        return 0, 0
    now = clock.now()
    forget_changed(db, [posting for posting, _ in rows])
    match_rows = [
        {
            "subscription_id": match.subscription_id,
            "posting_id": match.posting_id,
            "score": match.score,
            "reasons": "\n".join(match.reasons),
            "found_at": now,
        }
        for match in sorted(matcher(db, [posting for posting, _ in rows]))
    ]
    key = ("subscription_id", "posting_id")
    add_missing(db, SubscriptionMatch, match_rows, key, update=("score", "reasons"))
    keep_best(db)
    matched = [{"posting_id": n, "content_hash": h, "matched_at": now} for n, h in rows]
    add_missing(db, MatchedPosting, matched, ("posting_id",), update=("content_hash", "matched_at"))
    return len(rows), len(match_rows)


def _unmatched() -> Select[tuple[int, str]]:
    """Return open postings that were never matched, or changed since."""
    new = or_(
        MatchedPosting.posting_id.is_(None), MatchedPosting.content_hash != Posting.content_hash
    )
    return (
        select(Posting.id, Posting.content_hash)
        .outerjoin(MatchedPosting, MatchedPosting.posting_id == Posting.id)
        .where(Posting.status == "open", is_shown(Posting.id), new)
        .order_by(Posting.id)
    )


def _pairs(posting_ids: Sequence[int]) -> Select[tuple[int, int]]:
    """Return pairs of subscription and posting: by occupation, or by place where any will do."""
    holds = [Posting.id.in_(posting_ids), Posting.status == "open", *_conditions()]
    by_trade = (
        select(Subscription.id, Posting.id.label("posting_id"))
        .select_from(Posting)
        .join(PostingOccupation, PostingOccupation.posting_id == Posting.id)
        .join(
            SubscriptionOccupation,
            SubscriptionOccupation.occupation_name == PostingOccupation.occupation_name,
        )
        .join(Subscription, Subscription.id == SubscriptionOccupation.subscription_id)
        .where(*holds)
    )
    by_place = (
        select(Subscription.id, Posting.id.label("posting_id"))
        .select_from(Posting)
        .join(Subscription, and_(Subscription.any_occupation, _in_place()))
        .where(*holds)
    )
    both = union(by_trade, by_place).subquery()
    return select(both.c.id, both.c.posting_id).order_by(both.c.posting_id, both.c.id)


def _conditions() -> list[ColumnElement[bool]]:
    return [
        Subscription.ended_at.is_(None),
        Subscription.paused_at.is_(None),
        Subscription.expires_on > clock.today(),
        _in_place(),
        or_(Subscription.salary_min.is_(None), Posting.salary_min >= Subscription.salary_min),
    ]


def _in_place() -> ColumnElement[bool]:
    province = func.substr(Posting.region_code, 1, 2).op("||")("0000")
    around = (Posting.region_code, Posting.city_code, province)
    also = Subscription.also_regions
    listed = literal(",").op("||")(also).op("||")(",")
    return or_(
        and_(Subscription.region_code.is_(None), also == ""),
        Subscription.region_code.in_(around),
        and_(also != "", or_(*(listed.contains(code) for code in around))),
    )


def _by_id(db: Session, table: Any, ids: set[int]) -> dict[int, Any]:
    """Load rows by id with what hangs on them, in a few queries."""
    rows: dict[int, Any] = {}
    sorted_ids = sorted(ids)
    for start in range(0, len(sorted_ids), 500):
        query = select(table).where(table.id.in_(sorted_ids[start : start + 500]))
        rows |= {row.id: row for row in db.scalars(query.options(selectinload(table.occupations)))}
    return rows
