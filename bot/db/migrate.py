"""Bring a database to the newest schema, and say which one it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.db.session import engine

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


class OrphanRows(RuntimeError):
    """After a migration rows point to rows that are gone; nothing of it stays."""

    def __init__(self, tables: set[str]) -> None:
        super().__init__(f"rows that point nowhere in {', '.join(sorted(tables))}")


#: Number of PostgreSQL's advisory lock: of two starts at once one migrates.
_LOCK = 0x6A697578


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """Open one transaction for migrations, in which changes of tables can be taken back as well.

    SQLite's driver begins none before a table is made or changed: here it is begun by hand. What
    points to a table stays while it is rebuilt (its foreign keys are off and checked at the end).
    Raises OrphanRows.
    """
    with engine(url).connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                connection.execute(text("select pg_advisory_xact_lock(:n)"), {"n": _LOCK})
                yield connection
            return
        connection.exec_driver_sql("pragma foreign_keys=off")
        try:
            connection.exec_driver_sql("begin immediate")
            yield connection
            orphans = connection.exec_driver_sql("pragma foreign_key_check").all()
            if orphans:
                raise OrphanRows({str(row[0]) for row in orphans})
            connection.commit()
        finally:
            connection.rollback()
            connection.exec_driver_sql("pragma foreign_keys=on")
            connection.rollback()


def upgrade(url: str, to: str = "head") -> str:
    """Run the migrations that are missing, in one transaction; return the revision reached."""
    config = _config()
    revision = current(url)
    if to == "head" and revision is not None and revision == newest():
        return revision
    with migrating(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return str(current(url))


def downgrade(url: str, to: str) -> str | None:
    """Take migrations back to an earlier revision, in one transaction; return the one reached."""
    config = _config()
    with migrating(url) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
    return current(url)


def newest() -> str:
    """Return the newest revision that this code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(revision: str) -> bool:
    """Tell whether this code knows a revision."""
    revisions = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in revisions}


def current(url: str) -> str | None:
    """Return the revision a database has, None when it has none."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
