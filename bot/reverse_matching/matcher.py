"""Matcher that a process keeps: by query while subscriptions are few, else by its index."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from bot.reverse_matching import loader
from bot.reverse_matching.index import ReverseIndex
from bot.reverse_matching.match import NewMatch
from bot.reverse_matching.sql_matcher import features_by_id, matching_subscriptions
from bot.reverse_matching.top_k import TopKBuffer
from bot.subscriptions.errors import TooManyPreferences

logger = logging.getLogger(__name__)

#: From so many subscriptions on, the index is built. Below, the query is bearable (77 ms a posting
#: at twice as many, docs/performance.md) and takes no memory.
MIN_SUBSCRIPTIONS = 5_000


class CachedMatcher:
    """Matcher of new postings that keeps an index; see `bot.reverse_matching.sql_matcher`.

    With the index, a subscription gets its best few of the postings asked about, and only where
    they are better than what waits for it already; reasons stand with the best of each posting
    (a digest words its own when it is written). One thread at a time.
    """

    def __init__(self, min_subscriptions: int = MIN_SUBSCRIPTIONS) -> None:
        self._min_subscriptions = min_subscriptions
        self._index: ReverseIndex | None = None

    def __call__(self, db: Session, posting_ids: Sequence[int]) -> Iterable[NewMatch]:
        """Yield the matches of some open postings."""
        index = self._fresh(db)
        if index is None:
            return matching_subscriptions(db, posting_ids)
        return self._by_index(db, index, posting_ids)

    def _fresh(self, db: Session) -> ReverseIndex | None:
        """Return the index as the database is now; None where the query is to be asked."""
        count, _ = loader.count_and_sum(db)
        if count < self._min_subscriptions:
            self._index = None
            return None
        try:
            if self._index is None:
                self._index = ReverseIndex(db)
            else:
                self._index.refresh(db)
        except TooManyPreferences as error:
            logger.warning("no index of subscriptions: %s", error)
            self._index = None
        return self._index

    @staticmethod
    def _by_index(
        db: Session, index: ReverseIndex, posting_ids: Sequence[int]
    ) -> Iterator[NewMatch]:
        queue = TopKBuffer(db)
        reasons: dict[tuple[int, int], tuple[str, ...]] = {}
        for number, features in features_by_id(db, posting_ids).items():
            suited = index.match(features)
            queue.add(number, *suited.all())
            reasons |= {(match.subscription_id, number): match.reasons for match in suited.top()}
        for subscription, posting, score in queue.top():
            match_reasons = reasons.get((subscription, posting), ())
            yield NewMatch(subscription, posting, round(score, 4), match_reasons)
