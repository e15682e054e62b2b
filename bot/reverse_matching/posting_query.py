"""A posting encoded as a query: its scores for each code of the preferences.

Every value comes from the very functions that match for one seeker (bot.matching), asked once
for each distinct value of a wish instead of once for each wish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.matching.components.occupation_and_place import place_part, trade_part
from bot.matching.components.person import level_part, schooling_part, welfare_part, work_time_part
from bot.matching.features import Features
from bot.matching.hard_filters import violated_conditions
from bot.matching.job_preference import JobPreference
from bot.matching.refusals import is_refused
from bot.matching.score import score
from bot.postings.match_config import PARTS, rules
from bot.postings.traits import level
from bot.reverse_matching.encoding import (
    MAX_PAY,
    PLACE_BITS,
    PreferenceEncoding,
    preference_with_education,
    preference_with_occupations,
    preference_with_place,
    preference_with_welfare,
    preference_with_work_time,
)
from bot.understanding.extractors.conditions import conditions
from bot.vocabulary.vocabulary import vocabulary

#: The parts that depend on a wish's occupations and place alone: the first ones that are added.
_OF_CELL = ("trade", "level", "place")
_NOTHING = JobPreference()
#: So many different occupations of postings are remembered.
_REMEMBERED = 4096

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PostingQuery:
    """A posting encoded as a query to encoded preferences."""

    features: Features
    cells: NDArray[np.int64]
    """Occupations and place, as in a key, of all wishes that it can suit; ascending."""
    of_cell: Floats
    """Contribution of trade, level and place to the score, for each cell."""
    pay: int
    """The most that a wish may ask for, yuan a month; 0 when the pay is not stated."""
    time_holds: NDArray[np.bool_]
    """By code of the working time: whether the posting keeps it."""
    ruled_out: NDArray[np.bool_] | None
    """By code of what is excluded: whether that rules it out; None when none does."""
    after: tuple[tuple[str, float, float], ...]
    """The other parts in their order: name, weight, value for a wish that says nothing."""
    schooling: Floats
    """The part of education by its code."""
    times: Floats
    """The part of the working time by its code."""
    welfare: Floats
    """The part of welfare by the code of the wanted set."""
    refused: NDArray[np.bool_] | None
    """By that code: whether the posting states what is refused with it; None when none does."""

    def pay_parts(self, wanted_pay: NDArray[np.int64]) -> Floats:
        """Return pay_part for the pay asked for in wishes that this posting keeps; 0: none."""
        if not self.pay:
            return np.full(len(wanted_pay), 0.5)
        divisor = np.maximum(wanted_pay, 1)
        part = 0.5 + (self.pay - wanted_pay) / divisor
        return np.where(wanted_pay == 0, 0.5, np.minimum(1.0, part))


@dataclass(frozen=True)
class _Trades:
    """The sets of occupations that a posting suits, with scores."""

    sets: NDArray[np.int64]
    """Ascending codes; the first is 0, any occupation."""
    trade: Floats
    level: Floats


class PostingEncoder:
    """Encoder of postings for one encoding of preferences; caches the parts of occupations."""

    def __init__(self, codebook: PreferenceEncoding) -> None:
        self._book = codebook
        self._trades_cache: dict[tuple[tuple[str, ...], str | None], _Trades] = {}
        self._size = 0
        self._offers: dict[frozenset[str] | None, Floats] = {}
        self._of_words: list[int] = []
        """Codes of what the words of a posting tell, not only what it offers."""

    def encode(self, features: Features) -> PostingQuery:
        """Return a posting encoded as a query to encoded preferences."""
        book, weights = self._book, dict(zip(PARTS, rules().weights, strict=True))
        trades, places = self._trades(features), sorted(self._places(features))
        place_preferences = [preference_with_place(book.places.values[code]) for code in places]
        place_scores = np.array(
            [place_part(features, preference) for preference in place_preferences]
        )
        of_set = 0 + weights["trade"] * trades.trade + weights["level"] * trades.level
        neutral = score(features, _NOTHING).parts
        time_preferences = [preference_with_work_time(name) for name in book.times.values]
        education_preferences = [preference_with_education(name) for name in book.schooling.values]
        welfare = self._welfare(features)
        return PostingQuery(
            features=features,
            cells=((trades.sets << PLACE_BITS)[:, None] | np.array(places)[None, :]).ravel(),
            of_cell=(of_set[:, None] + (weights["place"] * place_scores)[None, :]).ravel(),
            pay=min(max(features.salary_min or 0, 0), MAX_PAY),
            time_holds=np.array(
                [_time_holds(features, preference) for preference in time_preferences]
            ),
            ruled_out=self._ruled_out(features),
            after=tuple(zip(PARTS, rules().weights, neutral, strict=True))[len(_OF_CELL) :],
            schooling=np.array(
                [schooling_part(features, preference) for preference in education_preferences]
            ),
            times=np.array(
                [work_time_part(features, preference) for preference in time_preferences]
            ),
            welfare=welfare,
            refused=self._refused(features),
        )

    def _places(self, features: Features) -> Iterator[int]:
        """Yield the codes of the places that a posting lies in, and of anywhere."""
        yield 0
        regions, region = vocabulary().regions, features.region_code
        while region:
            for further in (False, True):
                code = self._book.places.code_of((region, further))
                if code is not None:
                    yield code
            region = regions[region].parent if region in regions else None

    def _trades(self, features: Features) -> _Trades:
        if self._size != len(self._book.trades.values) or len(self._trades_cache) > _REMEMBERED:
            self._trades_cache.clear()
            self._size = len(self._book.trades.values)
        key = (features.occupations, level(features.title))
        trades = self._trades_cache.get(key)
        if trades is None:
            trades = self._trades_cache[key] = self._new_trades(features)
        return trades

    def _new_trades(self, features: Features) -> _Trades:
        """Ask about each occupation that is wished for once; of a set the best one counts."""
        holding, values = self._book.trades.holding, self._book.trades.values
        general = chain.from_iterable(map(vocabulary().general, features.occupations))
        does = dict.fromkeys((*features.occupations, *general))
        suited = sorted(set(chain.from_iterable(holding.get(name, ()) for name in does)))
        sets = [values[code] for code in suited]
        ranked = level(features.title) is not None
        return _Trades(
            np.array([0, *suited]),
            _best(trade_part, features, sets),
            _best(level_part, features, sets) if ranked else np.ones(len(sets) + 1),
        )

    def _welfare(self, features: Features) -> Floats:
        """Return the part by code; postings offer the same few things again and again."""
        offered_welfare = features.traits.welfare if features.traits else None
        wanted_sets, by_words = self._book.welfare.values, conditions().keys()
        scores = self._offers.get(offered_welfare)
        if scores is None or len(scores) != len(wanted_sets):
            scores = np.array(
                [welfare_part(features, preference_with_welfare(names)) for names in wanted_sets]
            )
            self._offers[offered_welfare] = scores
            self._of_words = [
                code for code, names in enumerate(wanted_sets) if not by_words.isdisjoint(names)
            ]
        if not self._of_words:
            return scores
        scores = scores.copy()
        for code in self._of_words:
            scores[code] = welfare_part(features, preference_with_welfare(wanted_sets[code]))
        return scores

    def _refused(self, features: Features) -> NDArray[np.bool_] | None:
        """Look only at wishes for what a posting's words tell (night work); see `_welfare`."""
        wanted_sets = self._book.welfare.values
        out = [
            code
            for code in self._of_words
            if is_refused(features, preference_with_welfare(wanted_sets[code]))
        ]
        if not out:
            return None
        flags = np.zeros(len(wanted_sets), bool)
        flags[out] = True
        return flags

    def _ruled_out(self, features: Features) -> NDArray[np.bool_] | None:
        """Look up the pieces of the title, not each excluded word in it."""
        book, title = self._book.excluded, features.title
        words = {
            title[start : start + length]
            for length in book.lengths
            for start in range(len(title) - length + 1)
        }
        words.update([*features.occupations[:1], features.work_time or ""])
        out = [code for word in words if word in book.holding for code in book.holding[word]]
        if not out:
            return None
        flags = np.zeros(len(book.values), bool)
        flags[out] = True
        return flags


def _best(
    part: Callable[[Features, JobPreference], float],
    features: Features,
    sets: list[tuple[str, ...]],
) -> Floats:
    """Return a part for no occupation, then for each set: the best that any of it reaches."""
    names = set(chain.from_iterable(sets))
    reached = {name: part(features, preference_with_occupations((name,))) for name in names}
    best = (max(map(reached.__getitem__, names_of_set)) for names_of_set in sets)
    return np.array([part(features, _NOTHING), *best])


def _time_holds(features: Features, preference: JobPreference) -> bool:
    """Tell whether a wish for nothing but a working time is kept."""
    return violated_conditions(features, preference) == frozenset()
