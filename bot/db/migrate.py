"""Bring a database to the newest schema, and say which one it has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.db.session import engine

SCRIPTS = Path(__file__).resolve().parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def upgrade(url: str, to: str = "head") -> str:
    """Run the migrations that are missing, in one transaction; return the revision reached."""
    config = _config()
    with engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    return str(current(url))


def newest() -> str:
    """Return the newest revision that this code knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(revision: str) -> bool:
    """Tell whether this code knows a revision."""
    known = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {one.revision for one in known}


def current(url: str) -> str | None:
    """Return the revision a database has, None when it has none."""
    with engine(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
