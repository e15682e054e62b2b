"""Health and metrics as they are asked for: over HTTP, of a real database, without words."""

from __future__ import annotations

import json
import shutil
import threading
import urllib.error
import urllib.request
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import clock
from bot.db.session import session
from bot.db.tables import Delivery, GatherRun
from bot.monitoring import health
from bot.monitoring.health import Examiner, check_calendar, check_disk
from bot.monitoring.metrics import TurnMetrics
from bot.monitoring.server import InstallationStatus, StatusServer
from bot.monitoring.turns import TurnRecord
from bot.setting_types import DatabaseUrl
from bot.settings import Settings
from tests.conftest import _free_port

NOON = datetime(2026, 11, 4, 12, tzinfo=clock.CHINA)
WORDS = "铁西的王铁柱 13800138000"


@pytest.fixture
def using(committed: str, tmp_path: Path) -> Settings:
    sources = tmp_path / "sources.yml"
    sources.write_text(
        "- {name: 省网, kind: feed, url: 'http://127.0.0.1:1/'}\n"
        "- {name: 收件夹, kind: folder, path: inbox}\n",
        encoding="utf-8",
    )
    return Settings(database_url=DatabaseUrl(committed), sources_file=sources, port=_free_port())


def _queue(url: str, created: datetime, due: datetime, kind: str = "hand_off") -> None:
    with session(url) as db:
        db.add(
            Delivery(
                key=f"{created}{due}", channel="sms", address="+8613800138000", kind=kind,
                body=json.dumps({"text": WORDS}), created_at=created, next_attempt_at=due,
            )
        )  # fmt: skip


def _ran(url: str, source: str, error: str | None = None) -> None:
    with session(url) as db:
        db.add(GatherRun(source=source, started_at=NOON, ended_at=NOON, taken=True, error=error))


@contextmanager
def _listening(status: InstallationStatus) -> Iterator[str]:
    served = StatusServer(status, "127.0.0.1", 0)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{served.server_address[1]}"
    finally:
        served.shutdown()
        served.server_close()


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_health_and_metrics_are_served_and_hold_no_words(using: Settings) -> None:
    _queue(using.database_url.reveal(), NOON - timedelta(hours=3), NOON - timedelta(seconds=10))
    _ran(using.database_url.reveal(), "省网", f"row 3: {WORDS}")
    status = InstallationStatus(using)
    status.turns.add(TurnRecord("policy", "answered", "web", 30.0))
    with _listening(status) as address, clock.frozen(NOON):
        code, body = _get(f"{address}/health")
        metrics = _get(f"{address}/metrics")[1]
        assert _get(f"{address}/")[0] == 404
    found: dict[str, Any] = json.loads(body)
    checks = found["checks"]
    assert checks["assistant"] == {"status": "failing", "error": "ConnectionRefusedError"}
    assert (code, found["status"]) == (503, "failing")
    assert checks["database"]["status"] == "ok"
    outbox = checks["outbox"]
    assert (outbox["oldest_queued_seconds"], outbox["overdue_seconds"]) == (10800.0, 10.0)
    assert outbox["deliveries"] == {"queued": 1}
    assert checks["feeds"]["status"] == "warning"
    assert checks["feeds"]["sources"]["省网"]["last_run"] == "2026-11-04T12:00:00+08:00"
    assert checks["feeds"]["sources"]["收件夹"]["last_run"] is None
    assert set(checks["disk"]["free_bytes"]) >= {"var", "models"}
    for line in (
        'jiuye_turn_seconds_bucket{act="policy",status="answered",le="0.05"} 1',
        'jiuye_check_ok{check="database"} 1',
        "jiuye_outbox_oldest_queued_seconds 10800",
        'jiuye_feed_age_seconds{source="省网"} 0',
        'jiuye_deliveries{state="queued"} 1',
    ):
        assert line in metrics.splitlines()
    assert not [word for word in ("王铁柱", "13800138000") if word in body + metrics]


def test_a_push_that_waits_for_the_morning_is_not_late(using: Settings) -> None:
    night = NOON.replace(hour=23)
    _queue(using.database_url.reveal(), night, night, kind="digest")
    with clock.frozen(night + timedelta(hours=2)):
        found = health.check_outbox(using)
    assert (found.level, found.values["overdue_seconds"]) == ("ok", 0.0)
    assert found.values["oldest_queued_seconds"] == 7200.0
    with clock.frozen(NOON + timedelta(days=1)):
        assert health.check_outbox(using).level == "failing"


def test_a_database_that_is_away_is_named_by_its_error_alone(tmp_path: Path) -> None:
    away = Settings(
        database_url=DatabaseUrl("postgresql+psycopg2://u:geheim@127.0.0.1:1/d"), port=1
    )
    shown = json.dumps(Examiner(away).examine().to_dict())
    assert json.loads(shown)["checks"]["database"] == {
        "status": "failing", "error": "OperationalError",
    }  # fmt: skip
    assert "geheim" not in shown


def test_a_check_that_hangs_does_not_hang_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(health, "check_database", lambda _: released.wait(30))
    monkeypatch.setattr(health, "REQUEST_TIMEOUT_S", 0.2)
    found = Examiner(Settings(port=1, database_url=DatabaseUrl("sqlite:////proc/x.db"))).examine()
    released.set()
    assert found.checks["database"].values == {"error": "no answer in time"}


@pytest.mark.parametrize(
    ("free", "level"), [(5 * 2**30, "ok"), (2**29, "warning"), (2**20, "failing")]
)
def test_a_disk_that_fills_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, level: str
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(2**40, 0, free))
    using = Settings(database_url=DatabaseUrl(f"sqlite:///{tmp_path / 'x.db'}"))
    assert check_disk(using).level == level
    assert set(check_disk(using).values["free_bytes"]) == {"var", "models", "database"}


def test_the_calendar_is_looked_up_for_this_year_and_the_next() -> None:
    with clock.frozen(date(2025, 3, 1)):
        assert check_calendar(Settings()).values == {"this_year": True, "next_year": True}
    with clock.frozen(date(2099, 3, 1)):
        found = check_calendar(Settings())
    assert (found.level, found.values) == ("warning", {"this_year": False, "next_year": False})


def test_the_histogram_adds_up_over_workers() -> None:
    metrics = TurnMetrics()
    for milliseconds in (4, 10, 300, 60_000):
        metrics.add(TurnRecord("find_job", "postings", "web", milliseconds))
    lines = list(metrics.lines())
    labels = 'act="find_job",status="postings"'
    for bound, count in (("0.01", 2), ("0.25", 2), ("0.5", 3), ("10.0", 3), ("+Inf", 4)):
        assert f'jiuye_turn_seconds_bucket{{{labels},le="{bound}"}} {count}' in lines
    assert f"jiuye_turn_seconds_count{{{labels}}} 4" in lines
    assert f"jiuye_turn_seconds_sum{{{labels}}} 60.314" in lines
