"""One database of demo data for all conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.settings import Settings, settings
from tests.conftest import copied


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a database with the vocabulary, the policies and the demo postings."""
    from sqlalchemy import text

    from bot.db.session import engine
    from bot.prepare import prepare_data

    if request.param == "sqlite":
        file = request.getfixturevalue("demo_file")
        url = copied(file, tmp_path_factory.mktemp("talked") / "demo.db")
    else:
        server = str(request.getfixturevalue("postgres"))
        with engine(server).connect().execution_options(isolation_level="AUTOCOMMIT") as db:
            db.execute(text("create database demo"))
        url = server.rsplit("/", 1)[0] + "/demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        list(prepare_data(Settings.from_environment(), demo=True))
        yield url
    settings.cache_clear()
