"""Rows of the log that the database lets go: those older than three years by its own clock.

Its triggers (migration 0019) refuse to delete any other, and one refusal undoes a whole batch:
whoever deletes by a clock that is seconds before the database's asks for these alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, DateTime
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.db.tables import AuditEntry


class _ThreeYearsAgo(FunctionElement[datetime]):
    """The moment that the triggers compare with."""

    type = DateTime(timezone=True)
    inherit_cache = True


@compiles(_ThreeYearsAgo, "sqlite")
def _in_sqlite(*_: Any, **__: Any) -> str:
    return "datetime('now', '+8 hours', '-3 years')"


@compiles(_ThreeYearsAgo, "postgresql")
def _in_postgresql(*_: Any, **__: Any) -> str:
    return "now() - interval '3 years'"


def released() -> ColumnElement[bool]:
    """Return the condition that the database lets a row of the log go."""
    return AuditEntry.at <= _ThreeYearsAgo()
