"""The lock on a database that `serve` takes: two assistants on one database answer twice.

A SQLite file is locked by a file next to it, a PostgreSQL database by an advisory lock. Where Redis
is set, several may share a PostgreSQL database: their messages are put in order there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.file_lock import FileLocked, locked, sign
from bot.private_files import make_folder
from bot.settings import Settings

#: The key of the advisory lock, the letters of "jiuye" as a number; known to nobody else.
_KEY = int.from_bytes(b"jiuye", "big")
_APPLICATION = "jiuye process "
_HOLDER = """
    select application_name from pg_stat_activity join pg_locks using (pid)
    where locktype = 'advisory' and (classid::bigint << 32) + objid::bigint = %s and granted
    and datid = (select oid from pg_database where datname = current_database())
"""


class DataTaken(RuntimeError):
    """Another process works with the database."""

    def __init__(self, process: str) -> None:
        owner = f" (process {process})" if process.isdigit() else ""
        super().__init__(f"the database is used by another `serve`{owner}")
        self.process = process


@contextmanager
def claimed_data(using: Settings) -> Iterator[None]:
    """Keep the database for this process. Raises DataTaken, and OSError of a folder."""
    if using.database_url.is_sqlite:
        claim = _claimed_file(using.database_url.sqlite_file)
    elif using.redis_url:
        yield
        return
    else:
        claim = _claimed_postgresql(using.database_url.reveal())
    with claim:
        yield


@contextmanager
def _claimed_file(file: Path | None) -> Iterator[None]:
    if file is None:
        yield
        return
    database = file.resolve()
    make_folder(database.parent)
    try:
        with locked(database.with_name(f"{database.name}.pid")) as lock:
            sign(lock)
            yield
    except FileLocked as taken:
        raise DataTaken(taken.process) from None


@contextmanager
def _claimed_postgresql(url: str) -> Iterator[None]:
    """Hold an advisory lock by a connection of its own, without SQLAlchemy: `serve` stays small."""
    import psycopg2

    try:
        connection = psycopg2.connect(
            re.sub(r"^postgresql\+\w+:", "postgresql:", url),
            application_name=f"{_APPLICATION}{os.getpid()}",
            connect_timeout=10,
        )
    except psycopg2.OperationalError:
        # Said by what comes next, which connects as well and knows the sentence.
        yield
        return
    with closing(connection):
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", (_KEY,))
            if not cursor.fetchone()[0]:
                cursor.execute(_HOLDER, (_KEY,))
                holder = cursor.fetchone()
                raise DataTaken((holder[0] if holder else "").removeprefix(_APPLICATION))
        yield
