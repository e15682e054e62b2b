"""The matcher that a process keeps: by query while subscriptions are few, else by its index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from bot.push import rows
from bot.push.errors import TooManyWishes
from bot.push.found import Found
from bot.push.matching import features_by_id, matching_subscriptions
from bot.push.reverse import ReverseIndex
from bot.push.waiting import Queue

logger = logging.getLogger(__name__)

#: From so many subscriptions on, the index is built. Below, the query is bearable (77 ms a posting
#: at twice as many, docs/performance.md) and takes no memory.
ENOUGH = 5_000


class KeptMatcher:
    """Says what suits whom among new postings: the door of `bot.push.matching`.

    With the index, a subscription gets its best few of the postings asked about, and only where
    they are better than what waits for it already; reasons stand with the best of each posting
    (a digest words its own when it is written). One thread at a time.
    """

    def __init__(self, enough: int = ENOUGH) -> None:
        self._enough = enough
        self._index: ReverseIndex | None = None

    def __call__(self, db: Session, posting_ids: Sequence[int]) -> Iterable[Found]:
        """Yield what suits whom among some open postings."""
        index = self._fresh(db)
        if index is None:
            return matching_subscriptions(db, posting_ids)
        return self._by_index(db, index, posting_ids)

    def _fresh(self, db: Session) -> ReverseIndex | None:
        """Return the index as the database is now; None where the query is to be asked."""
        many, _ = rows.count_and_sum(db)
        if many < self._enough:
            self._index = None
            return None
        try:
            if self._index is None:
                self._index = ReverseIndex(db)
            else:
                self._index.refresh(db)
        except TooManyWishes as error:
            logger.warning("no index of subscriptions: %s", error)
            self._index = None
        return self._index

    @staticmethod
    def _by_index(db: Session, index: ReverseIndex, posting_ids: Sequence[int]) -> Iterator[Found]:
        queue = Queue(db)
        said: dict[tuple[int, int], tuple[str, ...]] = {}
        for number, features in features_by_id(db, posting_ids).items():
            suited = index.suited(features)
            queue.add(number, *suited.everyone())
            said |= {(one.subscription_id, number): one.reasons for one in suited.best()}
        for subscription, posting, score in queue.best():
            why = said.get((subscription, posting), ())
            yield Found(subscription, posting, round(score, 4), why)
