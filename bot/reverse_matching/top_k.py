"""Matches that wait for the next digest: the best few of each subscription.

One posting may suit 100,000 subscriptions, and thousands of postings may suit one. A digest shows
five; so each subscription keeps `WAITING`, and what could not be among them is never written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from bot.db.tables import MatchedPosting, Posting, SubscriptionMatch
from bot.reverse_matching.columns import Floats, Ints

#: Postings that wait for one subscription at most: three digests, as some close before they go.
WAITING = 15
#: Pairs of subscription and posting that are buffered before the best are chosen (24 bytes each).
MAX_BUFFERED_PAIRS = 2_000_000

# The rows beyond the best, open postings before closed ones. Written down: as expressions it is
# four nested selects.
_BEYOND = text(
    "delete from subscription_matches where (subscription_id, posting_id) in ("
    " select subscription_id, posting_id from ("
    "  select m.subscription_id, m.posting_id, row_number() over ("
    "   partition by m.subscription_id"
    "   order by case when p.status = 'open' then 0 else 1 end, m.score desc, m.posting_id"
    "  ) as place from subscription_matches m join postings p on p.id = m.posting_id"
    "  where m.subscription_id in ("
    "   select subscription_id from subscription_matches"
    "   group by subscription_id having count(*) > :most)"
    " ) ranked where place > :most)"
)


def forget_changed(db: Session, postings: Sequence[int]) -> None:
    """Take back what waits of postings that were matched before: they are to be matched again."""
    query = select(MatchedPosting.posting_id).where(MatchedPosting.posting_id.in_(postings))
    changed = db.scalars(query).all()
    if changed:
        db.execute(delete(SubscriptionMatch).where(SubscriptionMatch.posting_id.in_(changed)))


def keep_best(db: Session, limit: int = WAITING) -> None:
    """Delete what waits beyond the best of each subscription."""
    db.execute(_BEYOND, {"most": limit})


@dataclass(frozen=True)
class Pairs:
    """Pairs of subscription and posting, as columns."""

    subscriptions: Ints
    postings: Ints
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)

    def __iter__(self) -> Iterator[tuple[int, int, float]]:
        columns = (self.subscriptions, self.postings, self.scores)
        return zip(*(column.tolist() for column in columns), strict=True)


class TopKBuffer:
    """Top-k buffer: the best postings of each subscription in a batch, given the waiting ones."""

    def __init__(
        self, db: Session, limit: int = WAITING, max_pairs: int = MAX_BUFFERED_PAIRS
    ) -> None:
        self._limit, self._max_pairs = limit, max_pairs
        self._full, self._least = _full(db, limit)
        self._parts: list[Pairs] = []
        self._count = 0

    def add(self, posting: int, subscriptions: Ints, scores: Floats) -> None:
        """Offer a posting to subscriptions; to those that are full, only where it is better."""
        if len(self._full):
            positions = np.minimum(np.searchsorted(self._full, subscriptions), len(self._full) - 1)
            better = (self._full[positions] != subscriptions) | (scores > self._least[positions])
            subscriptions, scores = subscriptions[better], scores[better]
        self._parts.append(Pairs(subscriptions, np.full(len(scores), posting), scores))
        self._count += len(scores)
        if self._count > self._max_pairs:
            self._max_pairs = max(self._max_pairs, 2 * len(self.top()))

    def top(self) -> Pairs:
        """Return the best of each subscription, of equal ones the oldest."""
        if not self._parts:
            return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        subscriptions = np.concatenate([part.subscriptions for part in self._parts])
        postings = np.concatenate([part.postings for part in self._parts])
        scores = np.concatenate([part.scores for part in self._parts])
        order = np.lexsort((postings, -scores, subscriptions))
        ordered = subscriptions[order]
        # The place of each in the list of its subscription: how far it is from the first of it.
        place = np.arange(len(order)) - np.searchsorted(ordered, ordered)
        order = order[place < self._limit]
        best_pairs = Pairs(subscriptions[order], postings[order], scores[order])
        self._parts, self._count = [best_pairs], len(best_pairs)
        return best_pairs


def _full(db: Session, limit: int) -> tuple[Ints, Floats]:
    """Return the subscriptions for which enough open postings wait, and the least of the scores."""
    query = (
        select(SubscriptionMatch.subscription_id, func.min(SubscriptionMatch.score))
        .join(Posting, Posting.id == SubscriptionMatch.posting_id)
        .where(Posting.status == "open")
        .group_by(SubscriptionMatch.subscription_id)
        .having(func.count() >= limit)
        .order_by(SubscriptionMatch.subscription_id)
    )
    rows = db.execute(query).tuples().all()
    return np.array([n for n, _ in rows], np.int64), np.array([score for _, score in rows])
