import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from bot import clock
from bot.background.status import preview, status
from bot.db.session import session
from bot.rendering.plain import full_text
from bot.settings import settings
from bot.subscriptions.errors import NotASubscriber
from tests.days import TUESDAY
from tests.subscriptions.conftest import Market


def test_the_status_counts_and_names_nobody(market: Market) -> None:
    with clock.frozen(TUESDAY):
        market.subscribe("anna-openid")
        market.post()
        market.push(TUESDAY)
        market.post()
        market.match()
        with session(market.url) as db:
            now = status(db, TUESDAY + timedelta(minutes=1))
    assert (now.subscriptions, now.waiting_matches, now.deliveries) == (1, 1, {"queued": 1})
    assert (now.overdue, now.oldest_overdue) == (1, TUESDAY)
    assert "anna" not in str(now)


def test_a_preview_shows_what_would_come_and_writes_nothing(market: Market) -> None:
    with clock.frozen(TUESDAY):
        seeker = market.subscribe()
        market.post()
        market.match()
        with session(market.url) as db:
            (message,) = preview(db, seeker)
    assert "保安员1" in full_text(message.to_dict())
    assert market.deliveries() == []


def test_a_preview_of_nobody_says_so(market: Market) -> None:
    with session(market.url) as db, pytest.raises(NotASubscriber, match="17"):
        preview(db, 17)


def test_the_commands_run_a_round_and_show_it(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.__main__ import app

    monkeypatch.setenv("DATABASE_URL", market.url)
    settings.cache_clear()
    try:
        with clock.frozen(TUESDAY):
            seeker = market.subscribe()
            market.post()
            shown = CliRunner().invoke(app, ["push", "preview", str(seeker)])
            assert "保安员1" in shown.output
            assert CliRunner().invoke(app, ["push", "preview", "999999"]).exit_code == 1
            ran = CliRunner().invoke(app, ["push", "run", "--once", "--json"])
            done = json.loads(ran.output.splitlines()[-1])
            assert (done["digests"], done["tried"]) == (1, 1)
            counted = CliRunner().invoke(app, ["push", "status", "--json"])
            assert json.loads(counted.output.splitlines()[-1])["deliveries"] == {"sent": 1}
    finally:
        settings.cache_clear()
