"""Rows that several workers may write first at the same moment."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import Base


def insert_into(db: Session, table: type[Base]) -> Any:
    """Return an insert of the database's own kind, which can say what a conflict means."""
    return (postgresql if db.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def ensure(db: Session, table: type[Base], **values: Any) -> None:
    """Write a row unless there is one of its key: of two at once one writes, both go on."""
    db.execute(insert_into(db, table).values(**values).on_conflict_do_nothing())
