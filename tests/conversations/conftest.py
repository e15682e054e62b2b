"""One database of demo data for all conversations."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.settings import Settings, settings
from tests.conftest import copied, new_on


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The URL of a database with the vocabulary, the policies and the demo postings."""
    from bot.prepare import prepare_data

    if request.param == "sqlite":
        file = request.getfixturevalue("demo_file")
        url = copied(file, tmp_path_factory.mktemp("talked") / "demo.db")
    else:
        url = new_on(request.getfixturevalue("postgres"), "demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        list(prepare_data(Settings.from_environment(), demo=True))
        yield url
    settings.cache_clear()
