"""The values of wishes as small numbers, so that half a million wishes are a few arrays.

Codes are only ever added: what was coded before keeps its meaning. What a posting means for a
code is worked out in `bot.push.posed`.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.jobs.preference import JobPreference
from bot.push.errors import TooManyWishes

Value = TypeVar("Value", bound=Hashable)

#: Bits of a key for the pay, the place and the occupations: together the 63 of a number.
PAY_BITS, PLACE_BITS, TRADE_BITS = 31, 12, 20
MOST_PAY = 2**PAY_BITS - 1


class Codes(Generic[Value]):
    """Values in the order in which they were first seen; the code of one is its position."""

    def __init__(self, first: Value, most: int) -> None:
        self._codes: dict[Value, int] = {first: 0}
        self.values: list[Value] = [first]
        self._most = most

    def of(self, value: Value) -> int:
        """Return the code of a value, a new one where needed. Raises TooManyWishes."""
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self.values)
            if code >= self._most:
                raise TooManyWishes(self._most)
            self.values.append(value)
        return code

    def known(self, value: Value) -> int | None:
        """Return the code of a value; None when no wish has it."""
        return self._codes.get(value)


class _Sets(Codes[tuple[str, ...]]):
    """Sets of words, and which of them hold a word; code 0 is the empty one."""

    def __init__(self, most: int) -> None:
        super().__init__((), most)
        self.holding: dict[str, list[int]] = {}
        self.lengths: set[int] = set()

    def of(self, value: tuple[str, ...]) -> int:
        before = len(self.values)
        code = super().of(value)
        if len(self.values) > before:
            for word in value:
                self.holding.setdefault(word, []).append(code)
                self.lengths.add(len(word))
        return code


class Codebook:
    """The codes of all values that wishes have. Code 0 is always what was not said."""

    def __init__(self) -> None:
        self.trades = _Sets(2**TRADE_BITS)
        self.places: Codes[str | None] = Codes(None, 2**PLACE_BITS)
        self.times: Codes[str | None] = Codes(None, 2**8)
        self.schooling: Codes[str | None] = Codes(None, 2**8)
        self.excluded = _Sets(2**31)

    def wish(self, key: int, time: int, schooling: int, excluded: int) -> JobPreference:
        """Return the wish behind codes; what neither conditions nor reasons look at is left out."""
        trades = self.trades.values[key >> (PLACE_BITS + PAY_BITS)]
        place = key >> PAY_BITS & (2**PLACE_BITS - 1)
        return JobPreference(
            occupations=trades,
            any_occupation=not trades,
            region_code=self.places.values[place],
            salary_min=(key & MOST_PAY) or None,
            work_time=self.times.values[time],
            excluded=self.excluded.values[excluded],
            education=self.schooling.values[schooling],
        )
