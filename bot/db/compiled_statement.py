"""Statements that every message asks: compiled once, then handed to the driver as they are.

SQLAlchemy's way from a statement to its rows takes three times what SQLite needs for them. What is
kept of it: the dialect's words, its types, its connections and transactions, its errors. Code
that asks once in a while uses SQLAlchemy as it comes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.types import TypeEngine

#: Whatever is in a transaction.
Database = Session | Connection
_Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]


@dataclass
class _Ready:
    """A statement in the words of one dialect, for lists of certain lengths."""

    text: str
    places: Sequence[str] | None
    """Names of the values in the order of their places; None where the driver takes names."""
    fixed: dict[str, Any]
    """Values that stand in the statement."""
    lists: Mapping[str, Sequence[str]]
    """The places of each list's members."""
    results: list[tuple[int, _Convert]] | None = None
    """What turns the driver's values into ours, by column; None until rows were seen."""


class Prepared:
    """A statement, compiled when it is first asked in a dialect.

    `types`: of result columns that the driver does not give as they are meant (a day, on SQLite).
    An expanding parameter takes a list that is not empty and follows `in`: to keep the
    number of different texts small it is filled up with its last member to a power of two.
    """

    def __init__(self, statement: CompilerElement, **types: TypeEngine[Any]) -> None:
        self._statement = statement
        self._types = types
        self._ready: dict[tuple[str, tuple[int, ...]], _Ready] = {}
        self._lists = _lists_of(statement)

    def rows(self, db: Database, parameters: Mapping[str, Any]) -> list[_Row]:
        """Return all rows. Raises SQLAlchemy's DBAPIError, without values in its text."""
        connection = _connection(db)
        ready, values = self._filled(connection.dialect, parameters)
        with _Cursor(connection, ready.text) as cursor:
            cursor.execute(ready.text, values)
            fetched: list[_Row] = cursor.fetchall()
            if self._types and fetched:
                if ready.results is None:
                    ready.results = self._converters(connection.dialect, cursor.description)
                fetched = [_converted(row, ready.results) for row in fetched]
        return fetched

    def row(self, db: Database, parameters: Mapping[str, Any]) -> _Row | None:
        """Return the first row, None when there is none."""
        rows = self.rows(db, parameters)
        return rows[0] if rows else None

    def run_all(self, db: Database, parameter_sets: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement that returns nothing, for each of some values."""
        connection = _connection(db)
        filled = [self._filled(connection.dialect, parameters) for parameters in parameter_sets]
        if filled:
            text = filled[0][0].text
            with _Cursor(connection, text) as cursor:
                # The dialect sends them together where the driver itself would not.
                all_values = [values for _, values in filled]
                connection.dialect.do_executemany(cursor, text, all_values)

    def _filled(self, dialect: Dialect, parameters: Mapping[str, Any]) -> tuple[_Ready, Any]:
        lengths = tuple(_length(parameters[name]) for name in self._lists)
        key = (dialect.name, lengths)
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = self._compiled(
                dialect, dict(zip(self._lists, lengths, strict=True))
            )
        values = {**ready.fixed, **parameters}
        for name, members in ready.lists.items():
            items = values.pop(name)
            filled = [*items, *[items[-1]] * (len(members) - len(items))]
            values.update(zip(members, filled, strict=True))
        if ready.places is None:
            return ready, values
        return ready, [values[name] for name in ready.places]

    def _compiled(self, dialect: Dialect, lengths: Mapping[str, int]) -> _Ready:
        compiled: Any = self._statement.compile(dialect=dialect)
        fixed = dict(compiled.params)
        lists: Mapping[str, Sequence[str]] = {}
        text, places = compiled.string, compiled.positiontup
        if lengths:
            placeholders = {name: [0] * length for name, length in lengths.items()}
            state = compiled.construct_expanded_state({**fixed, **placeholders})
            text, places, lists = state.statement, state.positiontup, state.parameter_expansion
            fixed = {name: value for name, value in fixed.items() if name not in lengths}
        return _Ready(text, places if compiled.positional else None, fixed, lists)

    def _converters(self, dialect: Dialect, description: Any) -> list[tuple[int, _Convert]]:
        converters: list[tuple[int, _Convert]] = []
        for index, (name, *_) in enumerate(description):
            if name in self._types:
                convert = self._types[name].dialect_impl(dialect).result_processor(dialect, None)
                if convert is not None:
                    converters.append((index, convert))
        return converters


class _Cursor:
    """A cursor of the connection's driver that raises SQLAlchemy's errors."""

    def __init__(self, connection: Connection, text: str) -> None:
        self._connection, self._text = connection, text

    def __enter__(self) -> Any:
        self._cursor = self._connection.connection.cursor()
        return self._cursor

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        self._cursor.close()
        dialect = self._connection.dialect
        assert dialect.dbapi is not None
        if isinstance(error, dialect.dbapi.Error):
            disconnected = dialect.is_disconnect(error, self._connection.connection, self._cursor)
            if disconnected:
                self._connection.invalidate(error)
            raise DBAPIError.instance(
                self._text, None, error, dialect.dbapi.Error, hide_parameters=True,
                connection_invalidated=disconnected, dialect=dialect,
            ) from error  # fmt: skip


def _connection(db: Database) -> Connection:
    if isinstance(db, Connection):
        return db
    db.flush()  # as a session does before it asks
    return db.connection()


def _lists_of(statement: CompilerElement) -> tuple[str, ...]:
    """Return the names of a statement's expanding parameters."""
    compiled: Any = statement.compile()
    return tuple(name for name, bound in compiled.binds.items() if bound.expanding)


def _length(members: Sequence[Any]) -> int:
    """Return the power of two that a list is filled up to."""
    return 1 << (len(members) - 1).bit_length()


def _converted(row: _Row, converters: Sequence[tuple[int, _Convert]]) -> _Row:
    values = list(row)
    for index, convert in converters:
        values[index] = convert(values[index])
    return tuple(values)
