"""Index of all running subscriptions in memory, from a posting to the subscriptions that it suits.

Holds the same answer as the query of `bot.reverse_matching.sql_matcher`: the preferences that a
posting keeps,
scores and reasons. Some arrays, about 24 bytes a subscription; a second, small set of columns takes
what is new or changed until both are sorted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot import clock
from bot.matching.features import Features
from bot.reverse_matching import loader
from bot.reverse_matching.columns import ROW, Floats, Ints, MatchedRows, SubscriptionColumns
from bot.reverse_matching.encoding import PreferenceEncoding
from bot.reverse_matching.explain import ReasonCache
from bot.reverse_matching.match import NewMatch
from bot.reverse_matching.posting_query import PostingEncoder

#: How far back changes are looked for again: a transaction may commit after others that began
#: later, and clocks of machines differ.
SLACK = timedelta(minutes=5)
#: All is sorted again when the small columns, or what runs no more, exceed this share of the large.
MAX_STALE_SHARE = 0.1
#: Small columns below this never make it worth while.
SMALL = 5_000
#: Reasons are given for so many.
TOP_WITH_REASONS = 50


@dataclass(frozen=True)
class MatchResult:
    """The subscriptions that a posting suits."""

    features: Features
    _book: PreferenceEncoding
    _matched: tuple[tuple[SubscriptionColumns, MatchedRows], ...]

    def all(self) -> tuple[Ints, Floats]:
        """Return all subscriptions, each once, and their scores, in no order."""
        ids, scores = [], []
        for shelf, matched in self._matched:
            subscription_ids, positions = shelf.subscriptions(matched.positions)
            ids.append(subscription_ids)
            scores.append(matched.scores[positions])
        return np.concatenate(ids), np.concatenate(scores)

    def top(self, limit: int = TOP_WITH_REASONS) -> list[NewMatch]:
        """Return those that it suits best, with reasons; of equal ones the oldest."""
        parts = [self._candidates(shelf, matched, limit) for shelf, matched in self._matched]
        ids, scores, *codes = map(np.concatenate, zip(*parts, strict=True))
        order = np.lexsort((ids, -scores))[:limit]
        columns = (column[order].tolist() for column in (ids, scores, *codes))
        reason_cache, number = ReasonCache(self.features, self._book), self.features.posting_id
        return [
            NewMatch(subscription_id, number, round(total, 4), reason_cache.reasons(*wish))
            for subscription_id, total, *wish in zip(*columns, strict=True)
        ]

    @staticmethod
    def _candidates(
        shelf: SubscriptionColumns, matched: MatchedRows, limit: int
    ) -> tuple[NDArray[Any], ...]:
        """Return subscriptions with the best `limit` among them: ids, scores, codes of wishes."""
        # Each wish has a subscription at least: none but the best wishes comes into question.
        first = _at_least_as_good(matched.scores, limit)
        rows = matched.positions[first]
        ids, positions = shelf.subscriptions(rows)
        scores = matched.scores[first][positions]
        second = _at_least_as_good(scores, limit)
        rows = rows[positions[second]]
        columns = (shelf.keys[rows], shelf.times[rows], shelf.schooling[rows], shelf.welfare[rows])
        return ids[second], scores[second], *columns


def _at_least_as_good(scores: Floats, limit: int) -> Ints | slice:
    """Return where the best `limit` stand, and all that are as good as the last of them."""
    if len(scores) <= limit:
        return slice(None)
    return np.flatnonzero(scores >= np.partition(scores, len(scores) - limit)[len(scores) - limit])


class ReverseIndex:
    """All running subscriptions of a database, as they were when it was last looked at."""

    def __init__(self, db: Session) -> None:
        self._build(db)

    def _build(self, db: Session) -> None:
        self._looked_at = clock.now()
        self._today = clock.today()
        self._book = PreferenceEncoding()
        self._encoder = PostingEncoder(self._book)
        read = loader.load_all(db, self._book)
        self._last = int(read["id"].max()) if len(read) else 0
        self._large = SubscriptionColumns(read, self._today)
        self._sorted = len(self._large)
        self._recent = np.empty(0, ROW)
        self._small = SubscriptionColumns(self._recent, self._today)

    def __len__(self) -> int:
        return len(self._large) + len(self._small)

    @property
    def nbytes(self) -> int:
        """Size of the arrays."""
        return self._large.nbytes + self._small.nbytes + self._recent.nbytes

    @property
    def wishes(self) -> int:
        """Number of different preferences; one for several places counts for each."""
        return len(self._large.keys) + len(self._small.keys)

    def refresh(self, db: Session) -> None:
        """Take in what is new, changed, paused, ended, expired or deleted since the last look.

        Raises TooManyPreferences.
        """
        self._expire()
        since, self._looked_at = self._looked_at - SLACK, clock.now()
        self._apply(loader.load_changed(db, self._book, since, self._last))
        if self._count_and_sum() != loader.count_and_sum(db):
            self._compare(db)
        over = self._sorted - len(self._large)
        if max(len(self._recent), over) > max(SMALL, MAX_STALE_SHARE * self._sorted):
            self._build(db)

    def _expire(self) -> None:
        if self._today != clock.today():
            self._today = clock.today()
            self._large.expire(self._today)
            self._small.expire(self._today)

    def _apply(self, changes: loader.Changes) -> None:
        if not len(changes.ids):
            return
        self._large.drop(changes.ids)
        others = ~np.isin(self._recent["id"], changes.ids)
        self._recent = np.concatenate([self._recent[others], changes.rows])
        self._small = SubscriptionColumns(self._recent, self._today)
        self._last = max(self._last, int(changes.ids.max()))

    def _count_and_sum(self) -> tuple[int, int]:
        shelves = (self._large, self._small)
        return len(self), sum(int(shelf.running.sum()) for shelf in shelves)

    def _compare(self, db: Session) -> None:
        """Find what left no trace of its change: rows that were deleted, or changed by hand."""
        in_database = loader.running_ids(db)
        in_memory = np.concatenate([self._large.running, self._small.running])
        dropped = np.setdiff1d(in_memory, in_database)
        self._apply(loader.Changes(dropped, np.empty(0, ROW)))
        unknown = np.setdiff1d(in_database, in_memory)
        self._apply(loader.load_by_ids(db, self._book, unknown.tolist()))

    def match(self, features: Features) -> MatchResult:
        """Return the running subscriptions that a posting suits in every condition."""
        self._expire()
        query = self._encoder.encode(features)
        shelves = (self._large, self._small) if len(self._recent) else (self._large,)
        return MatchResult(
            features, self._book, tuple((columns, columns.find(query)) for columns in shelves)
        )
