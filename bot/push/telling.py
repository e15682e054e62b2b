"""The reasons for one posting, told to many: what depends on one value is worded once."""

from __future__ import annotations

from collections.abc import Callable

from bot.jobs.explain import MAX_REASONS, REASON_GROUPS
from bot.jobs.match.features import Features
from bot.jobs.preference import JobPreference
from bot.push.codebook import (
    MOST_PAY,
    PAY_BITS,
    PLACE_BITS,
    Codebook,
    for_pay,
    for_place,
    for_schooling,
    for_time,
    for_trades,
    for_welfare,
)


class Telling:
    """Says what bot.jobs.explain.reasons says of a posting, to wishes in codes."""

    def __init__(self, features: Features, book: Codebook) -> None:
        wishes: dict[str, Callable[[int], JobPreference]] = {
            "trades": lambda code: for_trades(book.trades.values[code]),
            "place": lambda code: for_place(book.places.values[code]),
            "pay": for_pay,
            "time": lambda code: for_time(book.times.values[code]),
            "schooling": lambda code: for_schooling(book.schooling.values[code]),
            "welfare": lambda code: for_welfare(book.welfare.values[code]),
            "others": for_pay,
        }
        self._features = features
        self._told: dict[tuple[int, ...], tuple[str, ...]] = {}
        position = {name: at for at, name in enumerate(wishes)}
        self._pieces = [
            (
                piece.reasons,
                position[piece.depends_on],
                wishes[piece.depends_on],
                dict[int, list[str]](),
            )
            for piece in REASON_GROUPS
        ]

    def reasons(self, key: int, *codes: int) -> tuple[str, ...]:
        """Return the reasons for a wish: its key (see bot.push.shelf), then its codes of working
        time, schooling and welfare."""
        wish = (key, *codes)
        told = self._told.get(wish)
        if told is None:
            told = self._told[wish] = self._new_reasons(key, *codes)
        return told

    def _new_reasons(self, key: int, time: int, schooling: int, welfare: int) -> tuple[str, ...]:
        place, pay = key >> PAY_BITS & (2**PLACE_BITS - 1), key & MOST_PAY
        codes = (key >> (PLACE_BITS + PAY_BITS), place, pay, time, schooling, welfare, 0)
        told: list[str] = []
        for says, position, wish, known in self._pieces:
            code = codes[position]
            said = known.get(code)
            if said is None:
                said = known[code] = says(self._features, wish(code))
            told += said
        return tuple(told[:MAX_REASONS])
