"""Listings changed by hand: entered, corrected, confirmed, closed; each is a batch of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.places.changes import (
    EVERYWHERE,
    OUTSIDE,
    TABLES,
    Areas,
    begin_batch,
    columns_of,
    lies_in,
    write_row,
)
from bot.places.errors import ListingBatchError, ListingRowError
from bot.places.sheets import Kind, read_row
from bot.wording import wording

_SAY = wording("listings")

#: What stands for the file of a batch by hand.
BY_HAND, CONFIRMED, STATE = "手工录入", "核实", "改状态"
#: The states that may be set, by kind; of others than fairs and courses: open and closed.
STATES: Mapping[str, tuple[str, ...]] = {
    "fair": ("open", "full", "cancelled"), "course": ("open", "full", "closed"),
}  # fmt: skip


@dataclass(frozen=True)
class ManualEntry:
    """A row that was written by hand."""

    id: int
    notes: Sequence[str]
    """What of it could not be read and was left out, each with its field."""


@dataclass(frozen=True)
class Author:
    """Member of staff who changes listings, and the areas they may change."""

    name: str
    areas: Areas = EVERYWHERE


def states_of(kind: str) -> tuple[str, ...]:
    """Return the states that a listing of a kind may be given."""
    return STATES.get(kind, ("open", "closed"))


def enter(
    db: Session, author: Author, kind: Kind, cells: Mapping[str, str], number: int | None = None
) -> ManualEntry:
    """Write a row with cells as in a sheet: a new one, or in the place of one.

    Raises ListingRowError for a field, ListingBatchError for a row outside of one's areas or one
    that is there already under the same name.
    """
    row = _row(db, author, kind, number) if number is not None else None
    read = read_row(kind, 1, cells)
    if not lies_in(read.values["region_code"], author.areas):
        raise ListingRowError("region", OUTSIDE)
    table = TABLES[kind]
    same = db.scalar(select(table).where(table.key == read.values["key"]))
    if same is not None and same is not row:
        raise ListingBatchError(_SAY("listing_exists", title=same.title))
    if row is not None and all(columns_of(row)[n] == v for n, v in read.values.items()):
        return ManualEntry(row.id, read.notes)
    written = write_row(db, begin_batch(db, kind, BY_HAND, "", author.name), row, read.values)
    db.flush()
    return ManualEntry(written.id, read.notes)


def confirm(db: Session, author: Author, kind: Kind, number: int, office: str, today: date) -> None:
    """Note that an office has verified a row today. Raises ListingBatchError."""
    row = _row(db, author, kind, number)
    values = {"verified_on": today, "verified_by": office[:60]}
    write_row(db, begin_batch(db, kind, CONFIRMED, "", author.name), row, values)
    db.flush()


def set_state(db: Session, author: Author, kind: Kind, number: int, state: str) -> None:
    """Open, close, fill or cancel a listing. Raises ListingBatchError.

    Who wished to be reminded of a fair that is cancelled is told by the next round of push.
    """
    row = _row(db, author, kind, number)
    if state not in states_of(kind):
        raise ListingBatchError(_SAY("state_unknown"))
    if row.state != state:
        batch = begin_batch(db, kind, STATE, "", author.name)
        write_row(db, batch, row, {"state": state})
        db.flush()


def _row(db: Session, author: Author, kind: Kind, number: int) -> Any:
    row = db.get(TABLES[kind], number)
    if row is None or not lies_in(row.region_code, author.areas):
        raise ListingBatchError(_SAY("listing_unknown", outside=OUTSIDE))
    return row
