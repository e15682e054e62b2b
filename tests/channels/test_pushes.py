"""What waits for a web session is handed out once."""

from pathlib import Path

import pytest

from bot.channels.web.pushes import fetch_pushes
from bot.clock import now
from bot.db.session import session
from bot.db.tables import Delivery
from bot.delivery.outbox import DeliveryDraft, put
from bot.messages import Message
from bot.settings import settings


def test_a_page_fetches_what_was_sent_to_its_session_once(here: str) -> None:
    with session(here) as db:
        for key, address in (("a", "anna"), ("b", "anna"), ("c", "bert")):
            put(db, DeliveryDraft(key, "web", address, "digest", Message(text=key)), now())
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
