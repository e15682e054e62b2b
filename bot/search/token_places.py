"""Places of tokens: which of some units each token stands in, as one array with offsets."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from bot.search.bm25 import Floats, Lexical

Places = NDArray[np.intp]


class TokenPlaces:
    """The units that tokens stand in: in their asks (which a Lexical numbers), in other texts.

    A hundred thousand tokens, of two places most of them: a set or an array each would take ten
    times the memory.
    """

    def __init__(
        self, asks: Lexical, owner: Places, others: Iterable[Iterable[str]], units: int
    ) -> None:
        """Read the asks, each with its unit, and the tokens of the other texts of each unit."""
        self._asks = asks
        self._others: dict[str, int] = {}
        numbers, places = array("q"), array("q")
        for unit, tokens in enumerate(others):
            numbers.extend(map(self._new_number, tokens))
            places.extend([unit] * (len(numbers) - len(places)))
        columns, texts = asks.pairs()
        pairs = np.unique(
            np.concatenate([columns, np.array(numbers, dtype=np.int64)]) * max(units, 1)
            + np.concatenate([owner[texts], np.array(places, dtype=np.int64)])
        )
        column, found = np.divmod(pairs, max(units, 1))
        self._places = found.astype(np.int32)
        size = asks.vocabulary_size + len(self._others)
        self._ends = np.searchsorted(column, np.arange(size + 1)).astype(np.int32)
        self._units = units

    def sums(self, weights: Mapping[str, float]) -> Floats:
        """Return for each unit how much those of some tokens tell that stand in it."""
        sums = np.zeros(self._units, dtype=np.float32)
        for token, weight in weights.items():
            number = self._number(token)
            if number is not None:
                sums[self._places[self._ends[number] : self._ends[number + 1]]] += weight
        return sums

    def _number(self, token: str) -> int | None:
        number = self._asks.column(token)
        return self._others.get(token) if number is None else number

    def _new_number(self, token: str) -> int:
        number = self._asks.column(token)
        if number is None:
            first = self._asks.vocabulary_size
            number = self._others.setdefault(token, first + len(self._others))
        return number
