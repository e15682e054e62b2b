"""One database of demo data for all conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.in_process import Conversations
from bot.settings import settings
from tests.conftest import new_database


@pytest.fixture(autouse=True)
def _tuesday(tuesday: None) -> None:
    """The day that the cases are written for: which policies are in force depends on it."""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def demo_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database with the vocabulary, the policies and the demo postings."""
    url = new_database(request, "demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        yield url
    settings.cache_clear()


@pytest.fixture(scope="module")
def uncached_talk(model: Path, demo_database: str) -> Iterator[Conversations]:
    """The whole bot, to which every text is new."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JIUYE_REMEMBERED_TEXTS", "0")
        yield asyncio.run(Conversations.open(model))
