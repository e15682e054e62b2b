"""What the reverse match is measured against: all subscriptions as columns, each looked at."""

from __future__ import annotations

import numpy as np
from sqlalchemy.orm import Session

from bot.matching import Features
from bot.reverse_matching.columns import Ints
from bot.reverse_matching.encoding import PreferenceEncoding
from bot.reverse_matching.loader import load_all
from bot.vocabulary.vocabulary import vocabulary


class Scan:
    """Keeps trade, place, pay and working time; orders by pay. No exclusions, no reasons."""

    def __init__(self, db: Session) -> None:
        self._book = PreferenceEncoding()
        self._rows = {name: column.copy() for name, column in _columns(load_all(db, self._book))}

    def __call__(self, posting: Features) -> Ints:
        """Return the 50 best by pay."""
        rows, book = self._rows, self._book
        holding = book.trades.holding
        trades = np.zeros(len(book.trades.values), bool)
        trades[[0, *(code for name in posting.occupations for code in holding.get(name, ()))]] = (
            True
        )
        places = np.array(
            [
                place is None
                or (
                    bool(posting.region_code)
                    and vocabulary().is_within(str(posting.region_code), place[0])
                )
                for place in book.places.values
            ]
        )
        times = np.array([one in (None, posting.work_time) for one in book.times.values])
        kept = trades[rows["trades"]] & places[rows["place"]]
        kept &= (rows["pay"] <= (posting.salary_min or 0)) & times[rows["time"]]
        at = np.flatnonzero(kept)
        if len(at) > 50:
            at = at[np.argpartition(rows["pay"][at], 50)[:50]]
        found: Ints = rows["id"][at]
        return found


def _columns(rows: np.ndarray) -> list[tuple[str, np.ndarray]]:  # type: ignore[type-arg]
    return [(name, rows[name]) for name in ("id", "trades", "place", "pay", "time")]
