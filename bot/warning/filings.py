"""Employment filings as arrays: read as they were known at a moment, then cleaned by the rules.

Of one filing number the row of the latest batch counts, and a `revoke` under it takes it away. Of
the same firm, person, kind and day one filing counts, again the latest. What is left is ordered by
the day of its effect, then by the day of filing, then as it came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.tables import WarningBatch
from bot.warning.batches import live

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int32]
#: Codes of the kinds of filings; those of an open employment are the lowest.
HIRE, RENEW, END, REVOKE = range(4)
_KINDS = {"hire": HIRE, "renew": RENEW, "end": END, "revoke": REVOKE}
#: Rows that are fetched at once.
_CHUNK = 4_000
_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def date_of(number: int) -> date:
    """Return the date of a number of days since 1970-01-01."""
    return date.fromordinal(int(number) + _EPOCH)


@dataclass(frozen=True)
class Filings:
    """Filings as rows of equally long arrays, in the order in which they became known."""

    firms: tuple[str, ...]
    """Credit codes; `firm` counts into them. Of labour dispatch it is the user firm."""
    districts: tuple[str, ...]
    """Of each firm, the district of its latest filing."""
    number: Ints
    """A hash of the filing number."""
    firm: Days
    person: Ints
    kind: npt.NDArray[np.int8]
    effective: Days
    filed: Days
    counts: Flags
    """Of ends: whether who leaves for this reason is a leaver."""
    by_employer: Flags
    """Of ends: whether the employer ended it."""

    def __len__(self) -> int:
        return len(self.firm)

    def select_rows(self, rows: npt.NDArray[Any]) -> Filings:
        """Return some rows, in the order given."""
        return Filings(
            self.firms, self.districts, self.number[rows], self.firm[rows],
            self.person[rows], self.kind[rows], self.effective[rows], self.filed[rows],
            self.counts[rows], self.by_employer[rows],
        )  # fmt: skip


@dataclass(frozen=True)
class Cleaned:
    """Filings that count, ordered by firm, person, day of effect, day of filing and arrival."""

    filings: Filings
    corrected: int
    """Rows replaced by a later one with the same number."""
    revoked: int
    repeated: int
    """Rows that say again what another number says."""


def read_filings(
    db: Session, reasons: Mapping[str, Sequence[bool]], as_of: datetime | None = None
) -> Filings:
    """Read the filings that were known at a moment (default: now).

    `reasons` gives for each code whether it counts, and whether the employer ended the employment.
    """
    kind = (live(as_of), WarningBatch.kind == "filings")
    batches = list(db.scalars(select(WarningBatch.id).where(*kind).order_by(WarningBatch.id)))
    firms: dict[str, int] = {}
    districts: dict[int, str] = {}
    counts = {code: bool(both[0]) for code, both in reasons.items()}
    by_employer = {code: bool(both[1]) for code, both in reasons.items()}
    parts = []
    for numbers, usccs, users, persons, kinds, effective, filed, why, places in _chunks(
        db, batches
    ):
        names = usccs if not any(users) else [u or own for own, u in zip(usccs, users, strict=True)]
        for name in dict.fromkeys(names):
            firms.setdefault(name, len(firms))
        codes = list(map(firms.__getitem__, names))
        districts.update(zip(codes, places, strict=True))
        parts.append(
            (
                text_hashes(numbers), np.array(codes, np.int32), np.array(persons, np.int64),
                np.array(list(map(_KINDS.__getitem__, kinds)), np.int8),
                _days(effective), _days(filed),
                np.array([counts.get(item, True) for item in why], np.bool_),
                np.array([by_employer.get(item, False) for item in why], np.bool_),
            )
        )  # fmt: skip
    columns = [np.concatenate(item) for item in zip(*parts, strict=True)] if parts else _nothing()
    return Filings(tuple(firms), tuple(districts[item] for item in range(len(firms))), *columns)


def _chunks(db: Session, batches: Sequence[int]) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the columns of batches in order, some thousand rows at a time.

    By the driver's own cursor: three million rows pass here.
    """
    driver = db.connection().connection
    postgresql = db.get_bind().dialect.name == "postgresql"
    mark = "%s" if postgresql else "?"
    query = (
        "select filing_no, uscc, user_uscc, person, kind, effective_on, filed_on, reason, district"
        f" from employment_filings where batch_id = {mark} order by row"
    )
    db.flush()
    for batch in batches:
        # A cursor with a name stays at the server and hands out what is asked for.
        cursor: Any = driver.cursor(name=f"filings_{batch}") if postgresql else driver.cursor()  # type: ignore[call-arg]
        try:
            cursor.execute(query, (batch,))
            while rows := cursor.fetchmany(_CHUNK):
                yield list(zip(*rows, strict=True))
        finally:
            cursor.close()


def text_hashes(texts: Sequence[str]) -> Ints:
    """Return 64 bits of each text of up to 40 characters, mixed word by word (splitmix64)."""
    try:
        encoded = np.array(texts, "S120")
    except UnicodeEncodeError:
        encoded = np.array([item.encode() for item in texts], "S120")
    words = encoded.view(np.uint64).reshape(len(texts), -1)
    mixed: npt.NDArray[np.uint64] = np.zeros(len(texts), np.uint64)
    for word in words[:, words.any(axis=0)].T:
        turned = (mixed ^ word) + np.uint64(0x9E3779B97F4A7C15)
        turned = (turned ^ (turned >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        turned = (turned ^ (turned >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        # Words of nothing follow the text: they change nothing, however many there are.
        mixed = np.where(word, turned ^ (turned >> np.uint64(31)), mixed)
    return mixed.view(np.int64)


def _days(values: Sequence[Any]) -> Days:
    """Return dates, or the texts that SQLite gives, as days since 1970."""
    return np.array(values, "datetime64[D]").astype(np.int32)


def _nothing() -> list[Any]:
    types = (np.int64, np.int32, np.int64, np.int8, np.int32, np.int32, np.bool_, np.bool_)
    return [np.empty(0, item) for item in types]


def clean(filings: Filings) -> Cleaned:
    """Take away what was corrected, revoked or filed again, and order the rest."""
    order = np.argsort(filings.number, kind="stable")
    last = _last_of_runs(filings.number[order])
    latest = np.sort(order[last])
    revoked = filings.kind[latest] == REVOKE
    live_rows = filings.select_rows(latest[~revoked])
    same = (live_rows.kind, live_rows.effective, live_rows.person, live_rows.firm)
    order = np.lexsort((np.arange(len(live_rows)), *same))
    last = _last_of_runs(*(item[order] for item in same))
    once = live_rows.select_rows(np.sort(order[last]))
    rows = np.lexsort((np.arange(len(once)), once.filed, once.effective, once.person, once.firm))
    return Cleaned(
        once.select_rows(rows),
        len(filings) - len(latest),
        int(revoked.sum()),
        len(live_rows) - len(once),
    )


def _last_of_runs(*keys: npt.NDArray[Any]) -> Flags:
    """Tell of each row of sorted keys whether the next one has others."""
    last = np.ones(len(keys[0]), np.bool_)
    if len(last):
        last[:-1] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return last
