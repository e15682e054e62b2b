"""Windows in memory: full, open again, bounded, and without waiting."""

from __future__ import annotations

import pytest

from bot.rate_limits import memory_windows
from bot.rate_limits.memory_windows import MemoryWindows
from bot.rate_limits.rate_limit import RateLimit


async def test_too_many_are_told_once_and_may_go_on_later() -> None:
    now = 0.0
    limit = RateLimit("test", 2, 10, lambda: now, "")
    verdicts = [await limit.check("a") for _ in range(5)]
    assert verdicts == ["ok", "ok", "tell", "silent", "silent"]
    assert await limit.check("b") == "ok"
    now = 10.0
    assert [await limit.check("a") for _ in range(3)] == ["ok", "ok", "tell"]


def test_a_window_moves_with_its_entries_and_refusals_do_not_prolong_it() -> None:
    moments = iter((0.0, 6.0, 9.9, 10.0, 15.9, 16.0))
    windows = MemoryWindows(2, 10, lambda: next(moments))
    taken = [windows.acquire("a") for _ in range(6)]
    assert taken == [True, True, False, True, False, True]


def test_what_is_counted_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_windows, "MAX_NAMES", 10)
    windows = MemoryWindows(1, 10)
    for n in range(100):
        windows.acquire(str(n))
        windows.acquire(str(n))
    assert len(windows) == 10


def test_without_redis_nothing_is_waited_for() -> None:
    check = RateLimit("test", 1, 10, redis_url="").check("a")
    with pytest.raises(StopIteration) as done:
        check.send(None)
    assert done.value.value == "ok"
