"""The PostgreSQL database of a backup: dumped and put back by PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from bot.backup.errors import BackupError

_INSTALL = (
    "Install PostgreSQL's client programs (Debian: apt-get install postgresql-client), of the "
    "server's release or a later one."
)
#: Rows of all areas are seen: the policies of migration 0020 hold for the tables' owner as well.
_ALL_ROWS = "-c jiuye.scopes=*"
_TABLES = """
    select table_name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1
"""


def dump(url: str, to: Path) -> tuple[dict[str, int], str]:
    """Dump a database that is used; return its rows by table and its revision, of that moment.

    Raises BackupError.
    """
    program = _program("pg_dump")
    with _connected(url) as cursor:
        # pg_dump sees the very rows that are counted here.
        cursor.execute("select pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run(url, program, "--format=custom", "--no-owner", "--no-acl", "--enable-row-security",
             f"--snapshot={snapshot}", f"--file={to}")  # fmt: skip
        return _rows(cursor), _revision(cursor)


def rows(url: str) -> dict[str, int]:
    """Return how many rows each table of a database has."""
    with _connected(url) as cursor:
        return _rows(cursor)


def faults(dumped: Path) -> list[str]:
    """Return what is wrong with a dump, as far as its own list of contents tells."""
    done = subprocess.run(
        [_program("pg_restore"), "--list", str(dumped)], capture_output=True, text=True, check=False
    )
    return [] if done.returncode == 0 else [_last_line(done.stderr)]


def put_back(dumped: Path, url: str) -> None:
    """Put a dump in the place of what a database holds: all of it or nothing."""
    _run(url, _program("pg_restore"), "--clean", "--if-exists", "--no-owner", "--no-acl",
         "--single-transaction", "--exit-on-error", str(dumped))  # fmt: skip


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    """Yield a cursor of one transaction that sees one moment and writes nothing."""
    import psycopg2

    with closing(psycopg2.connect(**{**_target(url), "options": _ALL_ROWS})) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            yield cursor


def _target(url: str) -> dict[str, str]:
    parts = make_url(url)
    parameters = {
        "host": parts.host, "port": parts.port, "user": parts.username,
        "password": parts.password, "dbname": parts.database, **parts.query,
    }  # fmt: skip
    return {name: str(value) for name, value in parameters.items() if value}


def _run(url: str, program: str, *words: str) -> None:
    """Run a program on a database; the password goes by the environment, out of sight."""
    from psycopg2.extensions import make_dsn

    target = _target(url)
    password = target.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    environment["PGOPTIONS"] = _ALL_ROWS
    command = [program, f"--dbname={make_dsn(**target)}", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupError(
            f"{Path(program).name} failed: {_last_line(done.stderr)}",
            "Nothing was changed. Restore into a new, empty database where one in use resists; "
            f"of another release: {_INSTALL}",
        )


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise BackupError(f"{name} is not installed", _INSTALL)
    return path


def _last_line(output: str) -> str:
    """Return the error of a program's output, without the statement that it quotes."""
    errors = [line for line in output.splitlines() if "error:" in line.lower()]
    return (errors or output.strip().splitlines() or ["it says nothing"])[0][:300]


def _rows(cursor: Any) -> dict[str, int]:
    cursor.execute(_TABLES)
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'select count(*) from "{name}"')
        counts[name] = int(cursor.fetchone()[0])
    return counts


def _revision(cursor: Any) -> str:
    cursor.execute("select to_regclass('alembic_version')")
    if cursor.fetchone()[0] is None:
        return ""
    cursor.execute("select version_num from alembic_version")
    row = cursor.fetchone()
    return str(row[0]) if row else ""
