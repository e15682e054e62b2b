"""Locks of conversations: in order, woken at once, passed on when a holder is gone."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import pytest
import redis.asyncio
from rasa.core.lock_store import LockError

from bot.runtime.lock_store import LIFETIME, QuickLockStore
from bot.runtime.redis_fifo_lock import PREFIX, RedisFifoLock


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> str:
    """Where locks are shared: nowhere, or in a private Redis."""
    return "" if request.param == "memory" else str(request.getfixturevalue("redis_url"))


async def test_messages_of_one_person_come_in_their_order_and_none_waits_for_a_clock(
    url: str,
) -> None:
    store, done = QuickLockStore(url), []

    async def answer(n: int) -> None:
        async with store.lock("anna"):
            await asyncio.sleep(0.02)
            done.append(n)

    began = time.monotonic()
    waiting = []
    for n in range(6):
        waiting.append(asyncio.create_task(answer(n)))
        await asyncio.sleep(0.005)
    await asyncio.gather(*waiting)
    assert done == [0, 1, 2, 3, 4, 5]
    assert time.monotonic() - began < 2  # Rasa's own looks once a second, and each in turn


async def test_who_comes_first_is_first_however_long_his_way_to_redis_is(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, delays, done = RedisFifoLock(redis_url), iter((0.2, 0.1, 0.0)), []
    enter = lines._enter

    async def on_a_slow_connection(*given: Any) -> Any:
        await asyncio.sleep(next(delays))
        return await enter(*given)

    async def answer(n: int) -> None:
        async with lines.hold("anna", LIFETIME):
            done.append(n)

    monkeypatch.setattr(lines, "_enter", on_a_slow_connection)
    await asyncio.gather(*(answer(n) for n in range(3)))
    assert done == [0, 1, 2]


async def test_other_people_are_not_waited_for(url: str) -> None:
    store = QuickLockStore(url)
    async with store.lock("anna"), store.lock("bela"):
        pass


async def test_who_gives_up_waiting_holds_up_nobody(url: str) -> None:
    store = QuickLockStore(url)
    async with store.lock("anna"):
        impatient = asyncio.create_task(_hold(store))
        patient = asyncio.create_task(_hold(store))
        await asyncio.sleep(0.1)
        impatient.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await impatient
    await asyncio.wait_for(patient, 2)


async def test_who_gives_up_on_the_way_to_redis_leaves_no_ticket(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = RedisFifoLock(redis_url)
    enter, on_its_way, sent = lines._enter, asyncio.Event(), []

    async def slowly(*given: Any) -> Any:
        on_its_way.set()
        await asyncio.sleep(0.2)
        return await enter(*given)

    async def on_a_slow_connection(*given: Any) -> Any:
        sent.append(asyncio.create_task(slowly(*given)))
        return await asyncio.shield(sent[0])  # what was sent comes, whoever waits for it

    async def hold() -> None:
        async with lines.hold("dora", LIFETIME):
            pass

    with monkeypatch.context() as slow:
        slow.setattr(lines, "_enter", on_a_slow_connection)
        impatient = asyncio.create_task(hold())
        await on_its_way.wait()
        impatient.cancel()
        with pytest.raises(asyncio.CancelledError):
            await impatient
    await asyncio.gather(*sent)
    await asyncio.wait_for(hold(), 2)
    async with redis.asyncio.Redis.from_url(redis_url) as line:
        assert await line.exists(f"{PREFIX}line:dora") == 0


async def test_a_failure_gives_the_lock_back(url: str) -> None:
    store = QuickLockStore(url)
    with pytest.raises(ZeroDivisionError):
        async with store.lock("anna"):
            raise ZeroDivisionError
    await asyncio.wait_for(_hold(store), 2)


async def test_one_that_hangs_lets_the_next_go_on_after_its_lifetime(url: str) -> None:
    store = QuickLockStore(url)
    hanging = asyncio.create_task(_hold(store, seconds=30, lifetime=0.2))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await asyncio.wait_for(_hold(store), 5)
    assert time.monotonic() - began < 3
    hanging.cancel()


def test_a_lock_outlives_the_longest_action() -> None:
    from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT

    assert LIFETIME > DEFAULT_REQUEST_TIMEOUT


async def test_two_workers_share_a_line(redis_url: str) -> None:
    one, two, done = QuickLockStore(redis_url), QuickLockStore(redis_url), []
    line = redis.asyncio.Redis.from_url(redis_url)

    async def answer(store: QuickLockStore, n: int) -> None:
        async with store.lock("carl"):
            done.append(("begins", n))
            await all_came.wait()
            done.append(("ends", n))

    waiting, all_came = [], asyncio.Event()
    for n in range(6):
        waiting.append(asyncio.create_task(answer((one, two)[n % 2], n)))
        while await line.llen(f"{PREFIX}line:carl") == n:
            await asyncio.sleep(0.001)
    all_came.set()
    await asyncio.gather(*waiting)
    await line.close()
    assert done == [(what, n) for n in range(6) for what in ("begins", "ends")]


async def test_a_worker_that_was_killed_is_passed_over_within_seconds(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.redis_fifo_lock.DEAD_AFTER_S", 0.6)
    monkeypatch.setattr("bot.runtime.redis_fifo_lock.HEARTBEAT_S", 0.2)
    monkeypatch.setattr("bot.runtime.redis_fifo_lock.POLL_SECONDS", 1)
    killed, other = QuickLockStore(redis_url), QuickLockStore(redis_url)
    hanging = asyncio.create_task(_hold(killed, seconds=30))
    await asyncio.sleep(0.1)
    waiting = asyncio.create_task(_hold(other))
    await asyncio.sleep(1.5)
    assert not waiting.done()  # its heart beats: it may work as long as it likes
    killed._lock._heartbeat.stop()
    await asyncio.wait_for(waiting, 4)
    hanging.cancel()


async def test_without_redis_nobody_gets_a_lock() -> None:
    with pytest.raises(LockError):
        await _hold(QuickLockStore("redis://127.0.0.1:1/0"))


async def _hold(store: QuickLockStore, seconds: float = 0.0, lifetime: float = LIFETIME) -> None:
    async with store.lock("anna", lifetime):
        await asyncio.sleep(seconds)
