from collections.abc import Iterator

import pytest

from bot.settings import settings
from tests.warning.office_files import KEY


@pytest.fixture(autouse=True)
def _person_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The key of identity numbers is set."""
    monkeypatch.setenv("JIUYE_WARNING_KEY", KEY)
    settings.cache_clear()
    yield
    settings.cache_clear()
