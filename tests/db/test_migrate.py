from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.db import migrate
from bot.db.session import engine
from bot.db.tables import Base


def test_the_migrations_build_exactly_the_tables_of_the_models(database: str) -> None:
    with engine(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_an_empty_database_has_no_revision_and_gets_the_newest(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'deep' / 'new.db'}"
    assert migrate.current(url) is None
    assert migrate.upgrade(url) == migrate.newest() == migrate.current(url)
    assert migrate.upgrade(url) == migrate.newest()
