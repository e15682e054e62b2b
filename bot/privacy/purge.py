"""Delete or blank what is past its end, by the register; and report what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, delete, func, or_, select, update

from bot import clock
from bot.db.session import Session, session
from bot.privacy.register import End, Register, RegisterEntry, register
from bot.privacy.rows import blank_values, in_order, key_of, past_condition, table_of

#: Rows of one transaction: others that write wait for milliseconds.
BATCH = 500


@dataclass(frozen=True)
class Purged:
    """Counts of a purge of one table."""

    table: str
    deleted: int
    blanked: int


@dataclass(frozen=True)
class TableReport:
    """Personal data of one table."""

    table: str
    rows: int
    oldest: str
    """The day of the oldest row; empty when there is none, or none is told."""
    past_end: int
    """Rows that the next purge deletes or blanks."""
    readers: tuple[str, ...]


def purge(url: str, now: datetime, dry_run: bool = False) -> list[Purged]:
    """Bring everything to its end that is past it; return what was done by table.

    A dry run counts what is past its end at this moment: what would be free to go only after that
    (a seeker without any other data) is not among it.
    """
    data_register = register()
    return [
        _purged(url, data_register, entry, now, dry_run)
        for entry in in_order(data_register.entries.values())
    ]


def report(db: Session, now: datetime) -> list[TableReport]:
    """Return what is kept in each table of the register."""
    data_register = register()
    return [
        _table_report(db, data_register, entry, now) for entry in data_register.entries.values()
    ]


def _purged(
    url: str, data_register: Register, entry: RegisterEntry, now: datetime, dry_run: bool
) -> Purged:
    if dry_run:
        with session(url) as db:
            return Purged(
                entry.name,
                _count(db, entry, _end_condition(data_register, entry, now, True)),
                _count(db, entry, _end_condition(data_register, entry, now, False)),
            )
    done = {True: 0, False: 0}
    # Rows first: what is deleted need not be blanked before.
    for end in sorted(entry.ends, key=lambda one: not one.deletes):
        done[end.deletes] += sum(_batches(url, data_register, entry, end, now))
    return Purged(entry.name, done[True], done[False])


def _batches(
    url: str, data_register: Register, entry: RegisterEntry, end: End, now: datetime
) -> Iterator[int]:
    """Yield how many rows each transaction brought to an end, until none is left."""
    table = table_of(entry.name)
    over, key = past_condition(data_register, entry, end, now), key_of(table)
    # Asked twice: a row that was renewed while the statement waited for it stays.
    batch_keys = select(*table.primary_key.columns).where(over).limit(BATCH).correlate(None)
    conditions = (over, key.in_(batch_keys))
    statement: Any = delete(table).where(*conditions)
    if end.blank:
        statement = update(table).where(*conditions).values(blank_values(table, end.blank))
    while True:
        with session(url) as db:
            rows = int(db.execute(statement).rowcount)  # type: ignore[attr-defined]
        yield rows
        if rows < BATCH:
            return


def _table_report(
    db: Session, data_register: Register, entry: RegisterEntry, now: datetime
) -> TableReport:
    table = table_of(entry.name)
    rows = db.scalar(select(func.count()).select_from(table)) or 0
    column = table.c[entry.oldest] if entry.oldest else None
    oldest = _day(column, db.scalar(select(func.min(column)))) if column is not None else ""
    over = _count(
        db, entry, or_(*(past_condition(data_register, entry, end, now) for end in entry.ends))
    )
    return TableReport(entry.name, rows, oldest, over, entry.readers)


def _end_condition(
    data_register: Register, entry: RegisterEntry, now: datetime, deletes: bool
) -> ColumnElement[bool] | None:
    ends = [
        past_condition(data_register, entry, end, now)
        for end in entry.ends
        if end.deletes is deletes
    ]
    if not ends:
        return None
    deleted = None if deletes else _end_condition(data_register, entry, now, True)
    return or_(*ends) if deleted is None else or_(*ends) & ~deleted


def _count(db: Session, entry: RegisterEntry, condition: ColumnElement[bool] | None) -> int:
    if condition is None:
        return 0
    return db.scalar(select(func.count()).select_from(table_of(entry.name)).where(condition)) or 0


def _day(column: ColumnElement[Any], moment: Any) -> str:
    """Return the day of a moment as a column keeps it."""
    if moment is None:
        return ""
    if isinstance(column.type, Float):
        moment = datetime.fromtimestamp(moment, clock.CHINA)
    return f"{moment:%Y-%m-%d}"
