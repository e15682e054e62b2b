"""Engines and sessions: the one way to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from bot.caches import process_cache
from bot.private_files import SQLITE_SUFFIXES, make_file, make_folder, narrow
from bot.settings import settings

__all__ = [
    "Connection",
    "DatabaseError",
    "Session",
    "connection",
    "dry_run",
    "engine",
    "is_dry_run",
    "is_unavailable",
    "see_no_areas",
    "session",
    "set_dry_run",
    "set_timeouts",
    "transaction",
]

#: What is raised when the database is away or refuses; floors above know no SQLAlchemy.
DatabaseError = SQLAlchemyError


@dataclass(frozen=True)
class Timeouts:
    """Time limits of this process for the database, in seconds; 0: as long as it takes."""

    connect: int = 5
    """For a connection to PostgreSQL."""
    lock: float = 10.0
    """For another one's lock; of SQLite the one writer's."""
    statement: float = 0.0
    """For one statement of PostgreSQL, by the server's clock."""
    silence: float = 0.0
    """For PostgreSQL's answer, by our own clock: a server that hangs keeps no time."""


#: Who answers people: the platforms give up after 5 seconds.
ANSWERING = Timeouts(connect=3, lock=3.0, statement=10.0, silence=15.0)
_timeouts = Timeouts()


def set_timeouts(timeouts: Timeouts) -> None:
    """Set how long this process waits for databases that it opens from now on."""
    global _timeouts
    _timeouts = timeouts
    engine.cache_clear()


def is_unavailable(error: BaseException | None) -> bool:
    """Tell whether an error, or one that caused it, is that the database cannot be used now.

    Away, locked, unwritable, full, stopped: what is tried again later may succeed. A statement that
    the database refuses for what it says (a key that is there already) is no such error.
    """
    seen_errors: set[int] = set()
    while error is not None and id(error) not in seen_errors:
        seen_errors.add(id(error))
        if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
            return True
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            return True
        error = error.__cause__ or error.__context__
    return False


def _tune_sqlite(connection: SQLiteConnection, _record: Any) -> None:
    """WAL lets readers go on while one writes; foreign keys are off unless asked for.

    What is deleted is overwritten: else it stands in the file until something else takes its place.
    """
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA busy_timeout={int(_timeouts.lock * 1000)}")
    connection.execute("PRAGMA secure_delete=ON")


def _keep_private(file: Path, *_: object) -> None:
    """Let only its owner read a database, whatever the umask is: it holds conversations."""
    with suppress(OSError):  # SQLite says what is wrong with the file or its folder
        make_file(file)
        for ending in SQLITE_SUFFIXES:
            narrow(file.with_name(file.name + ending))


#: Of which areas a new connection of this process sees rows (policies of migration 0020): all.
_row_scopes = "*"


def see_no_areas() -> None:
    """Let connections of this process, the console's, see no area until a transaction names some.

    To be called before the first one is opened.
    """
    global _row_scopes
    _row_scopes = ""


def _tune_postgresql(connection: Any, _record: Any) -> None:
    """Compile no query and start no workers for one: ours take milliseconds, which the compiler
    spends on each branch alone, and a worker on its start."""
    with connection.cursor() as cursor:
        cursor.execute("set jit = off")
        cursor.execute("set max_parallel_workers_per_gather = 0")
        cursor.execute(f"set statement_timeout = {int(_timeouts.statement * 1000)}")
        if _timeouts.statement:
            cursor.execute(f"set lock_timeout = {int(_timeouts.lock * 1000)}")
        cursor.execute("select set_config('jiuye.scopes', %s, false)", (_row_scopes,))
    connection.commit()


def _await_postgresql(connection: Any) -> None:
    """Wait for PostgreSQL's answer, psycopg2's way; raises OperationalError after `silence`."""
    import select as sockets

    from psycopg2 import OperationalError as Silent
    from psycopg2 import extensions

    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        file = [connection.fileno()]
        reading = file if state == extensions.POLL_READ else []
        writing = file if state == extensions.POLL_WRITE else []
        if not any(sockets.select(reading, writing, [], _timeouts.silence)):
            raise Silent("the server does not answer")


#: Statements that SQLite keeps compiled for a connection: of a search alone there are dozens.
STATEMENTS = 512


@process_cache(size=8)
def engine(url: str) -> Engine:
    """Return the engine for a database, one a process; a SQLite file's folder is made."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if _timeouts.silence:
            from psycopg2 import extensions

            extensions.set_wait_callback(_await_postgresql)
        grown = create_engine(
            parsed,
            pool_pre_ping=True,
            pool_timeout=10,
            hide_parameters=True,
            executemany_mode="values_plus_batch",
            connect_args={"connect_timeout": _timeouts.connect},
        )
        event.listen(grown, "connect", _tune_postgresql)
        return grown
    if parsed.database and parsed.database != ":memory:":
        make_folder(Path(parsed.database).parent)
    # An error's text would name what was to be written: numbers, texts.
    made = create_engine(
        parsed, hide_parameters=True, connect_args={"cached_statements": STATEMENTS}
    )
    event.listen(made, "connect", _tune_sqlite)
    if parsed.database and not parsed.database.startswith(("file:", ":memory:")):
        event.listen(made, "do_connect", partial(_keep_private, Path(parsed.database)))
    return made


#: The header of a call between our servers that is part of a dry run.
DRY_RUN = "X-Jiuye-Dry-Run"
#: Whether transactions of the present context are rolled back at their end.
_dry_run: ContextVar[bool] = ContextVar("dry_run", default=False)


def is_dry_run() -> bool:
    """Tell whether nothing that is written now stays."""
    return _dry_run.get()


def set_dry_run(enabled: bool) -> None:
    """Switch dry runs on or off for the present context: a task and what it calls."""
    _dry_run.set(enabled)


@contextmanager
def dry_run() -> Iterator[None]:
    """Roll back every transaction at its end, as if all that is done within had not been."""
    token = _dry_run.set(True)
    try:
        yield
    finally:
        _dry_run.reset(token)


@contextmanager
def session(url: str | None = None) -> Iterator[Session]:
    """Open a session in one transaction: committed at the end, rolled back on an error."""
    with Session(engine(url or settings().database_url.reveal()), expire_on_commit=False) as opened:
        yield opened
        if opened.in_transaction():  # one that was asked nothing has begun none
            if _dry_run.get():
                opened.flush()
                opened.expunge_all()  # a rollback would take from its objects what was read
                opened.rollback()
            else:
                opened.commit()


@contextmanager
def transaction(database_engine: Engine) -> Iterator[Connection]:
    """Open a connection in one transaction: committed at the end, rolled back on an error."""
    with database_engine.connect() as opened, opened.begin() as begun:
        yield opened
        if _dry_run.get():
            begun.rollback()


def connection(url: str | None = None) -> AbstractContextManager[Connection]:
    """Open a connection in one transaction, without a session's bookkeeping: for plain rows."""
    return transaction(engine(url or settings().database_url.reveal()))
