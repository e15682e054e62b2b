"""Preferences as sorted columns: equal ones stand once, with the subscriptions that have them.

A wish's key is its occupations, its place and its pay, in this order: all wishes for the same
occupations in the same place that a posting's pay reaches stand side by side. A subscription
with further places stands under each; no place lies in another, so a posting finds it once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.reverse_matching.encoding import MAX_PAY, PAY_BITS, PLACE_BITS
from bot.reverse_matching.posting_query import PostingQuery

#: A subscription as codes, once for each place that will do: 31 bytes.
ROW = np.dtype(
    [
        ("id", "i8"),
        ("again", "?"),
        ("trades", "i4"),
        ("place", "i2"),
        ("pay", "i4"),
        ("time", "u1"),
        ("schooling", "u1"),
        ("welfare", "u2"),
        ("excluded", "i4"),
        ("expires", "i4"),
    ]
)
Rows = NDArray[Any]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class MatchedRows:
    """The distinct preferences that a posting keeps, by row."""

    positions: Ints
    """Their positions in the columns."""
    scores: Floats
    """Score of the posting for each."""


class SubscriptionColumns:
    """Some subscriptions, sorted by their preferences. Only whether one runs changes afterwards."""

    def __init__(self, rows: Rows, today: date) -> None:
        key = rows["trades"].astype(np.int64) << PLACE_BITS
        key = ((key | rows["place"]) << PAY_BITS) | rows["pay"]
        rest = rows["excluded"].astype(np.int64) << 32
        rest |= rows["welfare"].astype(np.int64) << 16
        rest |= rows["time"].astype(np.int64) << 8 | rows["schooling"]
        order = np.lexsort((rows["id"], rest, key))
        key, rest = key[order], rest[order]
        first = np.ones(len(rows), bool)
        first[1:] = (key[1:] != key[:-1]) | (rest[1:] != rest[:-1])
        self.ids: Ints = rows["id"][order]
        self._is_extra_place = rows["again"][order]
        self._expires = rows["expires"][order]
        del order
        starts = np.flatnonzero(first)
        self.keys: Ints = key[starts]
        rest = rest[starts]
        self.times = (rest >> 8 & 255).astype(np.uint8)
        self.schooling = (rest & 255).astype(np.uint8)
        self.welfare = (rest >> 16 & 0xFFFF).astype(np.uint16)
        self.excluded = (rest >> 32).astype(np.int32)
        self._starts = np.append(starts, len(rows)).astype(np.int32)
        self._running = np.ones(len(rows), bool)
        self._living: NDArray[np.bool_] | None = None
        self.expire(today)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._running & ~self._is_extra_place))

    @property
    def nbytes(self) -> int:
        """Size of its arrays."""
        return sum(array.nbytes for array in vars(self).values() if isinstance(array, np.ndarray))

    @property
    def running(self) -> Ints:
        """The ids of the subscriptions that run, each once, in no order."""
        ids: Ints = self.ids[self._running & ~self._is_extra_place]
        return ids

    def expire(self, today: date) -> None:
        """Leave out what is over."""
        self._leave_out(self._expires <= today.toordinal())

    def drop(self, ids: Ints) -> None:
        """Leave out subscriptions; ids that are not here do nothing."""
        self._leave_out(np.isin(self.ids, ids))

    def _leave_out(self, ended: NDArray[np.bool_]) -> None:
        self._running &= ~ended
        if self._running.all():
            self._living = None
        else:
            self._living = np.logical_or.reduceat(self._running, self._starts[:-1])

    def find(self, query: PostingQuery) -> MatchedRows:
        """Return the preferences that a posting keeps, scored as by bot.matching.score."""
        low = query.cells << PAY_BITS
        begins = np.searchsorted(self.keys, low)
        counts = np.searchsorted(self.keys, low + query.pay, "right") - begins
        cell = np.repeat(np.arange(len(counts)), counts)
        positions = np.arange(len(cell)) + (begins - (np.cumsum(counts) - counts))[cell]
        matches = query.time_holds[self.times[positions]]
        if query.ruled_out is not None:
            matches &= ~query.ruled_out[self.excluded[positions]]
        if query.refused is not None:
            matches &= ~query.refused[self.welfare[positions]]
        if self._living is not None:
            matches &= self._living[positions]
        if not matches.all():
            positions, cell = positions[matches], cell[matches]
        return MatchedRows(positions, self._scores(query, positions, cell))

    def _scores(self, query: PostingQuery, positions: Ints, cell: Ints) -> Floats:
        """Add the parts in the order of bot/matching/score.py: the sums are equal to the bit."""
        total: Floats = query.of_cell[cell]
        for name, weight, part in query.after:
            if name == "pay":
                total += weight * query.pay_parts(self.keys[positions] & MAX_PAY)
            elif name == "schooling":
                total += (weight * query.schooling)[self.schooling[positions]]
            elif name == "work_time":
                total += (weight * query.times)[self.times[positions]]
            elif name == "welfare":
                total += (weight * query.welfare)[self.welfare[positions]]
            else:
                total += weight * part
        return total

    def subscriptions(self, positions: Ints) -> tuple[Ints, Ints]:
        """Return the running subscriptions of some preferences, with indexes in `positions`."""
        begins = self._starts[positions].astype(np.int64)
        counts = self._starts[positions + 1] - begins
        indexes = np.repeat(np.arange(len(positions)), counts)
        places = np.arange(len(indexes)) + (begins - (np.cumsum(counts) - counts))[indexes]
        if self._living is not None:
            runs = self._running[places]
            places, indexes = places[runs], indexes[runs]
        return self.ids[places], indexes
