"""What waits for a web session is handed out once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.web.pushes import fetch_pushes
from bot.clock import now
from bot.db.session import session
from bot.db.tables import Delivery
from bot.messages import Message
from bot.push.outbox import Draft, put
from bot.settings import settings


@pytest.fixture
def web_database(committed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The web channel's database is this test's: its URL."""
    monkeypatch.setenv("DATABASE_URL", committed)
    settings.cache_clear()
    yield committed
    settings.cache_clear()


def test_a_page_fetches_what_was_sent_to_its_session_once(web_database: str) -> None:
    with session(web_database) as db:
        for key, address in (("a", "anna"), ("b", "anna"), ("c", "bert")):
            put(db, Draft(key, "web", address, "digest", Message(text=key)), now())
        for one in db.query(Delivery):
            one.state, one.sent_at = "sent", now()
    assert [message["text"] for message in fetch_pushes("anna")] == ["a", "b"]
    assert fetch_pushes("anna") == []


def test_a_database_that_is_away_keeps_nobody_from_chatting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    settings.cache_clear()
    try:
        assert fetch_pushes("anna") == []
    finally:
        settings.cache_clear()
    assert "could not be fetched" in caplog.text
    assert "anna" not in caplog.text
