"""Windows in Redis: shared by processes, in order, and without Redis each process for itself."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
import redis

from bot.rate_limits import redis_windows
from bot.rate_limits.rate_limit import RateLimit
from bot.settings import ROOT
from tests.outages.breakers import Redis, redis_server

#: Seconds for an entry: a machine full of tests is slow, and Redis then not away.
PATIENCE_S = 60.0
#: Counts some of one name as a worker does, and writes the verdicts.
_WORKER = """
import asyncio, sys
from bot.rate_limits import redis_windows
from bot.rate_limits.rate_limit import RateLimit

async def run(scope, patience):
    redis_windows.ANSWER_TIMEOUT_S = patience
    limit = RateLimit(scope, 20, 60)
    print(*[await limit.check("+8613800138000") for _ in range(15)])

asyncio.run(run(sys.argv[1], float(sys.argv[2])))
"""


@pytest.fixture(autouse=True)
def _log_is_heard(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Let records through to pytest, whatever logging another test of the process set up."""
    for name in ("bot", "bot.rate_limits", redis_windows.__name__):
        logger = logging.getLogger(name)
        monkeypatch.setattr(logger, "propagate", True)
        monkeypatch.setattr(logger, "disabled", False)
        logger.setLevel(logging.NOTSET)
    caplog.set_level(logging.WARNING)


@pytest.fixture
def scope() -> str:
    """A limit that no other test counts for."""
    return uuid.uuid4().hex


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    """A Redis that this test may take away."""
    with redis_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_windows, "ANSWER_TIMEOUT_S", PATIENCE_S)
    monkeypatch.setattr(redis_windows, "PROBE_INTERVAL_S", 0.1)


async def _until_back(limit: RateLimit, caplog: pytest.LogCaptureFixture) -> None:
    """Go on counting until Redis has come back; fails when it does not."""
    ends = time.monotonic() + PATIENCE_S
    while "Redis is back" not in caplog.text:
        assert time.monotonic() < ends, "Redis is back, and nobody looked"
        await asyncio.sleep(0.05)
        await limit.check("anna")


def test_processes_share_one_count(redis_url: str, scope: str) -> None:
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, scope, str(PATIENCE_S)], cwd=ROOT,
            stdout=subprocess.PIPE, text=True, env={**os.environ, "JIUYE_REDIS_URL": redis_url},
        )
        for _ in range(2)
    ]  # fmt: skip
    verdicts = Counter(" ".join(worker.communicate(timeout=300)[0] for worker in workers).split())
    assert verdicts == {"ok": 20, "tell": 1, "silent": 9}


async def test_workers_tell_once_between_them_and_names_and_scopes_are_apart(
    redis_url: str, scope: str
) -> None:
    one, two = (RateLimit(scope, 3, 10, redis_url=redis_url) for _ in range(2))
    verdicts = [await limit.check("anna") for limit in (one, two, one, two, one, two)]
    assert verdicts == ["ok", "ok", "ok", "tell", "silent", "silent"]
    assert await two.check("bela") == "ok"
    assert await RateLimit(f"{scope}-other", 3, 10, redis_url=redis_url).check("anna") == "ok"


async def test_after_its_window_one_may_go_on(redis_url: str, scope: str) -> None:
    limit = RateLimit(scope, 1, 2, redis_url=redis_url)
    assert await limit.check("anna") == "ok"
    await asyncio.sleep(2.1)
    assert await limit.check("anna") == "ok"


async def test_redis_holds_no_address_and_nothing_longer_than_the_window(
    redis_url: str, scope: str
) -> None:
    limit = RateLimit(scope, 1, 60, redis_url=redis_url)
    for _ in range(2):
        await limit.check("+8613800138000")
    with redis.Redis.from_url(redis_url) as client:
        keys = list(client.scan_iter(f"*{scope}*"))
        assert len(keys) == 2
        assert all(key.startswith(b"jiuye:limits/") and b"138001" not in key for key in keys)
        assert all(0 < client.ttl(key) <= 60 for key in keys)


async def test_who_comes_first_is_counted_first(redis_url: str, scope: str) -> None:
    limit, done = RateLimit(scope, 1000, 10, redis_url=redis_url), []

    async def check(n: int) -> None:
        await limit.check(f"sender {n}")
        done.append(n)

    await asyncio.gather(*(check(n) for n in range(50)))
    assert done == list(range(50))


async def test_without_redis_the_process_counts_alone_and_says_so_once(
    own_redis: Redis, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    limit = RateLimit(scope, 3, 60, redis_url=own_redis.url)
    assert await limit.check("anna") == "ok"
    own_redis.take_away()
    verdicts = [await limit.check("anna") for _ in range(4)]
    assert [await limit.check(f"sender {n}") for n in range(50)] == ["ok"] * 50
    assert verdicts == ["ok", "ok", "tell", "silent"]  # what Redis had counted still counts
    assert [record.getMessage() for record in caplog.records] == [
        "Redis is away (ConnectionError): limits are counted by each process alone"
    ]


async def test_when_redis_is_back_workers_share_again(
    own_redis: Redis, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    one, two = (RateLimit(scope, 100, 60, redis_url=own_redis.url) for _ in range(2))
    own_redis.take_away()
    assert await one.check("anna") == "ok"
    own_redis.give_back()
    await _until_back(one, caplog)
    with redis.Redis.from_url(own_redis.url) as client:
        client.flushall()
        for limit in (one, two):
            await limit.check("carl")
        (key,) = client.scan_iter(f"*{scope}*")
        assert client.llen(key) == 2


async def test_a_redis_that_says_nothing_holds_up_only_the_first(
    own_redis: Redis,
    scope: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    limit = RateLimit(scope, 3, 60, redis_url=own_redis.url)
    assert await limit.check("anna") == "ok"
    monkeypatch.setattr(redis_windows, "ANSWER_TIMEOUT_S", 0.5)
    assert own_redis._process is not None
    os.kill(own_redis._process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        everybody = asyncio.gather(*(limit.check(f"sender {n}") for n in range(100)))
        assert await everybody == ["ok"] * 100
        for n in range(100):  # looks for it go on meanwhile
            await limit.check(f"sender {n}")
            await asyncio.sleep(0.002)
        assert time.monotonic() - began < 20  # each by itself would wait for 0.5 s: 100 s
    finally:
        os.kill(own_redis._process.pid, signal.SIGCONT)
    monkeypatch.setattr(redis_windows, "ANSWER_TIMEOUT_S", PATIENCE_S)
    await _until_back(limit, caplog)
    # No answer to a call that was given up is taken for that to a later one.
    assert [await limit.check("carl") for _ in range(5)] == ["ok"] * 3 + ["tell", "silent"]


async def test_a_redis_that_cannot_be_written_to_is_away(
    own_redis: Redis, scope: str, caplog: pytest.LogCaptureFixture
) -> None:
    limit = RateLimit(scope, 100, 60, redis_url=own_redis.url)
    with redis.Redis.from_url(own_redis.url) as client:
        client.replicaof("127.0.0.1", "1")
    for _ in range(10):
        assert await limit.check("anna") == "ok"
        await asyncio.sleep(0.05)
    assert len(caplog.records) == 1
