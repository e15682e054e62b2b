"""Encoding of preferences as small numbers, so that half a million are a few arrays.

Codes are only ever added: what was coded before keeps its meaning. What a posting means for a
code is worked out in `bot.reverse_matching.posting_query`.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from bot.caches import process_cache
from bot.matching.job_preference import JobPreference
from bot.subscriptions.errors import TooManyPreferences

#: A place of a preference, and whether it is a further one; None: anywhere.
Place = tuple[str, bool] | None

Value = TypeVar("Value", bound=Hashable)

#: Bits of a key for the pay, the place and the occupations: together the 63 of a number.
PAY_BITS, PLACE_BITS, TRADE_BITS = 30, 13, 20
MAX_PAY = 2**PAY_BITS - 1


class ValueCodes(Generic[Value]):
    """Values in the order in which they were first seen; the code of one is its position."""

    def __init__(self, first: Value, max_codes: int) -> None:
        self._codes: dict[Value, int] = {first: 0}
        self.values: list[Value] = [first]
        self._max_codes = max_codes

    def encode(self, value: Value) -> int:
        """Return the code of a value, a new one where needed. Raises TooManyPreferences."""
        code = self._codes.get(value)
        if code is None:
            code = self._codes[value] = len(self.values)
            if code >= self._max_codes:
                raise TooManyPreferences(self._max_codes)
            self.values.append(value)
        return code

    def code_of(self, value: Value) -> int | None:
        """Return the code of a value; None when no preference has it."""
        return self._codes.get(value)


class _Sets(ValueCodes[tuple[str, ...]]):
    """Sets of words, and which of them hold a word; code 0 is the empty one."""

    def __init__(self, max_codes: int) -> None:
        super().__init__((), max_codes)
        self.holding: dict[str, list[int]] = {}
        self.lengths: set[int] = set()

    def encode(self, value: tuple[str, ...]) -> int:
        previous_size = len(self.values)
        code = super().encode(value)
        if len(self.values) > previous_size:
            for word in value:
                self.holding.setdefault(word, []).append(code)
                self.lengths.add(len(word))
        return code


class PreferenceEncoding:
    """The codes of all values in preferences. Code 0 is always an unstated value."""

    def __init__(self) -> None:
        self.trades = _Sets(2**TRADE_BITS)
        self.places: ValueCodes[Place] = ValueCodes(None, 2**PLACE_BITS)
        self.times: ValueCodes[str | None] = ValueCodes(None, 2**8)
        self.schooling: ValueCodes[str | None] = ValueCodes(None, 2**8)
        self.welfare: ValueCodes[tuple[str, ...]] = ValueCodes((), 2**16)
        self.excluded = _Sets(2**31)


# Preferences for one thing alone: made once, as postings ask for the same ones again and again.


@process_cache(size=20_000)
def preference_with_occupations(names: tuple[str, ...]) -> JobPreference:
    """Return the preference for some occupations and nothing else."""
    return JobPreference(occupations=names, any_occupation=not names)


@process_cache(size=10_000)
def preference_with_place(place: Place) -> JobPreference:
    """Return the preference for a place and nothing else."""
    if place is None:
        return JobPreference()
    code, further = place
    return JobPreference(also_regions=(code,)) if further else JobPreference(region_code=code)


@process_cache(size=5_000)
def preference_with_pay(minimum: int) -> JobPreference:
    """Return the preference for a pay and nothing else; 0: for none."""
    return JobPreference(salary_min=minimum or None)


@process_cache(size=300)
def preference_with_work_time(name: str | None) -> JobPreference:
    """Return the preference for a working time and nothing else."""
    return JobPreference(work_time=name)


@process_cache(size=300)
def preference_with_education(name: str | None) -> JobPreference:
    """Return the empty preference of a person with a level of education."""
    return JobPreference(education=name)


@process_cache(size=5_000)
def preference_with_welfare(names: tuple[str, ...]) -> JobPreference:
    """Return the preference for some welfare and nothing else."""
    return JobPreference(welfare=names)
