"""Cache of the reasons for one posting: those of one value are worded once."""

from __future__ import annotations

from collections.abc import Callable

from bot.matching.explain import MAX_REASONS, REASON_GROUPS
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.reverse_matching.encoding import (
    MAX_PAY,
    PAY_BITS,
    PLACE_BITS,
    PreferenceEncoding,
    preference_with_education,
    preference_with_occupations,
    preference_with_pay,
    preference_with_place,
    preference_with_welfare,
    preference_with_work_time,
)


class ReasonCache:
    """Reasons of bot.matching.explain.reasons for a posting and encoded preferences."""

    def __init__(self, features: Features, book: PreferenceEncoding) -> None:
        preference_makers: dict[str, Callable[[int], JobPreference]] = {
            "trades": lambda code: preference_with_occupations(book.trades.values[code]),
            "place": lambda code: preference_with_place(book.places.values[code]),
            "pay": preference_with_pay,
            "time": lambda code: preference_with_work_time(book.times.values[code]),
            "schooling": lambda code: preference_with_education(book.schooling.values[code]),
            "welfare": lambda code: preference_with_welfare(book.welfare.values[code]),
            "others": preference_with_pay,
        }
        self._features = features
        self._reasons: dict[tuple[int, ...], tuple[str, ...]] = {}
        position = {name: number for number, name in enumerate(preference_makers)}
        self._pieces = [
            (
                piece.reasons,
                position[piece.depends_on],
                preference_makers[piece.depends_on],
                dict[int, list[str]](),
            )
            for piece in REASON_GROUPS
        ]

    def reasons(self, key: int, *codes: int) -> tuple[str, ...]:
        """Return the reasons for a preference.

        `key` is that of bot.reverse_matching.columns, `codes` are those of working time, schooling
        and welfare.
        """
        codes_of_preference = (key, *codes)
        worded = self._reasons.get(codes_of_preference)
        if worded is None:
            worded = self._reasons[codes_of_preference] = self._new_reasons(key, *codes)
        return worded

    def _new_reasons(self, key: int, time: int, schooling: int, welfare: int) -> tuple[str, ...]:
        place, pay = key >> PAY_BITS & (2**PLACE_BITS - 1), key & MAX_PAY
        codes = (key >> (PLACE_BITS + PAY_BITS), place, pay, time, schooling, welfare, 0)
        reasons: list[str] = []
        for describe, position, preference_with, cached in self._pieces:
            code = codes[position]
            texts = cached.get(code)
            if texts is None:
                texts = cached[code] = describe(self._features, preference_with(code))
            reasons += texts
        return tuple(reasons[:MAX_REASONS])
