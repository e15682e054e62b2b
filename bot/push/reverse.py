"""All running subscriptions in memory, so that a new posting finds those it suits at once.

Holds the same answer as the query of `bot.push.matching`: which wishes a posting keeps, how well
it suits them, and why. Some arrays, about 24 bytes a subscription; a second, small shelf takes
what is new or changed until both are sorted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot import clock
from bot.jobs.match.features import Features
from bot.push import rows
from bot.push.codebook import Codebook
from bot.push.found import Found
from bot.push.posed import Poser
from bot.push.shelf import ROW, Floats, Ints, Kept, Shelf
from bot.push.telling import Telling

#: How far back changes are looked for again: a transaction may commit after others that began
#: later, and clocks of machines differ.
SLACK = timedelta(minutes=5)
#: All is sorted anew when the small shelf, or what runs no more, exceeds this share of the large.
STALE = 0.1
#: A small shelf below this never makes it worth while.
SMALL = 5_000
#: Reasons are given for so many.
BEST = 50


@dataclass(frozen=True)
class Suited:
    """The subscriptions that a posting suits."""

    features: Features
    _book: Codebook
    _kept: tuple[tuple[Shelf, Kept], ...]

    def everyone(self) -> tuple[Ints, Floats]:
        """Return all subscriptions, each once, and their scores, in no order."""
        ids, scores = [], []
        for shelf, kept in self._kept:
            some, which = shelf.subscriptions(kept.at)
            ids.append(some)
            scores.append(kept.scores[which])
        return np.concatenate(ids), np.concatenate(scores)

    def best(self, most: int = BEST) -> list[Found]:
        """Return those that it suits best, with reasons; of equal ones the oldest."""
        parts = [self._candidates(shelf, kept, most) for shelf, kept in self._kept]
        ids, scores, *codes = map(np.concatenate, zip(*parts, strict=True))
        order = np.lexsort((ids, -scores))[:most]
        columns = (column[order].tolist() for column in (ids, scores, *codes))
        says, number = Telling(self.features, self._book), self.features.posting_id
        return [
            Found(at, number, round(total, 4), says.reasons(*wish))
            for at, total, *wish in zip(*columns, strict=True)
        ]

    @staticmethod
    def _candidates(shelf: Shelf, kept: Kept, most: int) -> tuple[NDArray[Any], ...]:
        """Return subscriptions with the best `most` among them: ids, scores, codes of wishes."""
        # Each wish has a subscription at least: none but the best wishes comes into question.
        first = _at_least_as_good(kept.scores, most)
        at = kept.at[first]
        ids, which = shelf.subscriptions(at)
        scores = kept.scores[first][which]
        second = _at_least_as_good(scores, most)
        at = at[which[second]]
        columns = (shelf.keys[at], shelf.times[at], shelf.schooling[at], shelf.welfare[at])
        return ids[second], scores[second], *columns


def _at_least_as_good(scores: Floats, most: int) -> Ints | slice:
    """Return where the best `most` stand, and all that are as good as the last of them."""
    if len(scores) <= most:
        return slice(None)
    return np.flatnonzero(scores >= np.partition(scores, len(scores) - most)[len(scores) - most])


class ReverseIndex:
    """All running subscriptions of a database, as they were when it was last looked at."""

    def __init__(self, db: Session) -> None:
        self._build(db)

    def _build(self, db: Session) -> None:
        self._looked_at = clock.now()
        self._today = clock.today()
        self._book = Codebook()
        self._poser = Poser(self._book)
        read = rows.every(db, self._book)
        self._last = int(read["id"].max()) if len(read) else 0
        self._large = Shelf(read, self._today)
        self._sorted = len(self._large)
        self._recent = np.empty(0, ROW)
        self._small = Shelf(self._recent, self._today)

    def __len__(self) -> int:
        return len(self._large) + len(self._small)

    @property
    def nbytes(self) -> int:
        """How much the arrays take."""
        return self._large.nbytes + self._small.nbytes + self._recent.nbytes

    @property
    def wishes(self) -> int:
        """How many different wishes there are; one for several places counts for each."""
        return len(self._large.keys) + len(self._small.keys)

    def refresh(self, db: Session) -> None:
        """Take in what is new, changed, paused, ended, expired or deleted since the last look.

        Raises TooManyWishes.
        """
        self._expire()
        since, self._looked_at = self._looked_at - SLACK, clock.now()
        self._apply(rows.changed(db, self._book, since, self._last))
        if self._count_and_sum() != rows.count_and_sum(db):
            self._compare(db)
        over = self._sorted - len(self._large)
        if max(len(self._recent), over) > max(SMALL, STALE * self._sorted):
            self._build(db)

    def _expire(self) -> None:
        if self._today != clock.today():
            self._today = clock.today()
            self._large.expire(self._today)
            self._small.expire(self._today)

    def _apply(self, changes: rows.Changes) -> None:
        if not len(changes.ids):
            return
        self._large.drop(changes.ids)
        others = ~np.isin(self._recent["id"], changes.ids)
        self._recent = np.concatenate([self._recent[others], changes.rows])
        self._small = Shelf(self._recent, self._today)
        self._last = max(self._last, int(changes.ids.max()))

    def _count_and_sum(self) -> tuple[int, int]:
        shelves = (self._large, self._small)
        return len(self), sum(int(shelf.running.sum()) for shelf in shelves)

    def _compare(self, db: Session) -> None:
        """Find what left no trace of its change: rows that were deleted, or changed by hand."""
        there = rows.running_ids(db)
        here = np.concatenate([self._large.running, self._small.running])
        gone = np.setdiff1d(here, there)
        self._apply(rows.Changes(gone, np.empty(0, ROW)))
        unknown = np.setdiff1d(there, here)
        self._apply(rows.named(db, self._book, unknown.tolist()))

    def suited(self, features: Features) -> Suited:
        """Return whom a posting suits: every running subscription whose conditions it keeps."""
        self._expire()
        posed = self._poser.pose(features)
        shelves = (self._large, self._small) if len(self._recent) else (self._large,)
        return Suited(features, self._book, tuple((one, one.find(posed)) for one in shelves))
