"""Alembic's entrance: runs the migrations on the database that the caller or the settings name."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from bot.db.migrate import migrating
from bot.db.tables import Base
from bot.settings import settings


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with migrating(settings().database_url.reveal()) as own:
        _run(own)
