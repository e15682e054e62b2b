"""The SQLite database of a backup: copied while it is used, counted, put back."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from bot.backup.errors import BackupError
from bot.private_files import make_file, make_folder

#: Seconds that a lock of another process is waited for.
_BUSY_TIMEOUT_S = 60.0
#: SQLite's own words for a file that it cannot even begin to read.
_NO_DATABASE = "not a database"


def copy(database: Path, to: Path) -> None:
    """Copy a database as it is at this moment; who uses it goes on. Raises BackupError."""
    if not database.is_file():
        raise BackupError(f"there is no database {database}", "Set DATABASE_URL.")
    with (
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(to)) as new,
    ):
        old.backup(new)
        # One file that stands for itself: no log beside it.
        new.execute("pragma journal_mode=delete")


def rows(database: Path) -> dict[str, int]:
    """Return how many rows each table has; none when there is no such file."""
    if not database.is_file():
        return {}
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as opened:
        query = "select name from sqlite_master where type='table' and name not like 'sqlite~_%'"
        names = [name for (name,) in opened.execute(f"{query} escape '~' order by name")]
        return {n: opened.execute(f'select count(*) from "{n}"').fetchone()[0] for n in names}


def revision(database: Path) -> str:
    """Return the revision of the schema; empty when it has none."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as opened:
        with suppress(sqlite3.OperationalError):
            row = opened.execute("select version_num from alembic_version").fetchone()
            return str(row[0]) if row else ""
        return ""


def faults(database: Path) -> list[str]:
    """Return what SQLite finds wrong in a file: damaged pages, rows that point nowhere."""
    try:
        with closing(sqlite3.connect(database)) as opened:
            lines = [str(line) for (line,) in opened.execute("pragma integrity_check(5)")]
            astray = opened.execute("pragma foreign_key_check").fetchmany(5)
    except sqlite3.DatabaseError as wrong:
        return [str(wrong)]
    damaged = [line for line in lines if line != "ok"]
    return damaged + [f"table {row[0]} points to what is not in {row[2]}" for row in astray]


def put_back(copied: Path, database: Path) -> None:
    """Replace what a database holds; a file that is none is removed first."""
    make_folder(database.parent)
    try:
        _overwrite(copied, database)
    except sqlite3.DatabaseError as wrong:
        if _NO_DATABASE not in str(wrong):
            raise
        # Its log first: another database's would be taken for that of the new one.
        for ending in ("-wal", "-shm", ""):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        _overwrite(copied, database)


def _overwrite(copied: Path, database: Path) -> None:
    make_file(database)
    with (
        closing(sqlite3.connect(copied)) as old,
        closing(sqlite3.connect(database, timeout=_BUSY_TIMEOUT_S)) as new,
    ):
        old.backup(new)
