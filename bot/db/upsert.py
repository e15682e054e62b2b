"""Insert what is not there yet, in one statement, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import Base

#: Rows of one statement: SQLite admits 32,766 values.
ROWS = 1000


def add_missing(
    db: Session,
    table: type[Base],
    rows: Sequence[Mapping[str, Any]],
    key: Sequence[str],
    update: Sequence[str] = (),
) -> int:
    """Insert rows; one whose `key` is there already is left alone, or has `update` set again.

    Returns how many rows were written. Safe while others insert the same rows.
    """
    backend = db.get_bind().dialect.name
    written = 0
    for start in range(0, len(rows), ROWS):
        insert: Any = (postgresql if backend == "postgresql" else sqlite).insert(table)
        statement = insert.values(list(rows[start : start + ROWS]))
        if update:
            changed = {name: statement.excluded[name] for name in update}
            statement = statement.on_conflict_do_update(index_elements=key, set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=key)
        done = db.execute(statement)
        written += max(0, int(done.rowcount))  # type: ignore[attr-defined]
    return written
