import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.db import migrate
from bot.db.session import engine
from tests.conftest import new_database


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_tables_go_and_come_back(kind: str, request: pytest.FixtureRequest) -> None:
    request.param = kind  # type: ignore[attr-defined]
    url = new_database(request, "empty")
    config = migrate._config()
    before = ScriptDirectory.from_config(config).get_revision("0020")
    assert before is not None
    with engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, str(before.down_revision))
    assert "registrations" not in inspect(engine(url)).get_table_names()
    assert migrate.upgrade(url) == migrate.newest()
    assert "registrations" in inspect(engine(url)).get_table_names()
    engine(url).dispose()
