"""What a database is asked: the statements of SQLAlchemy and those that go to the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from bot.db.compiled_statement import Prepared

_filled = Prepared._filled


@contextmanager
def statements(bound: Engine | Connection) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements asked within, each with its values."""
    asked: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        asked.append((given[2], given[3]))

    def noted(of: Prepared, *given: Any) -> Any:
        ready, values = _filled(of, *given)
        if not asked or asked[-1][0] != ready.text:  # one with many values is one
            asked.append((ready.text, values))
        return ready, values

    event.listen(bound, "before_cursor_execute", note)
    try:
        with patch.object(Prepared, "_filled", noted):
            yield asked
    finally:
        event.remove(bound, "before_cursor_execute", note)
