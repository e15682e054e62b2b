"""A loop that stands is logged with its place; one that only waits is not."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

import pytest

from bot.runtime import loop_watchdog
from bot.runtime.loop_watchdog import LoopWatch


@pytest.fixture(autouse=True)
def _captured(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Let every line be captured, however a server started before in this process set logs up."""
    logger = loop_watchdog.logger
    monkeypatch.setattr(logger, "disabled", False)
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "handlers", [caplog.handler])
    caplog.set_level(logging.INFO, logger.name)


def _works_long(seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pass


async def _watched(watch: LoopWatch, blocking: float, waiting: float) -> None:
    watch.start(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    _works_long(blocking)
    await asyncio.sleep(waiting)
    watch.stop()


async def test_a_loop_that_stands_is_logged_with_its_place_and_no_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    watch = LoopWatch(limit=0.3)
    await _watched(watch, 0.8, 0.2)
    [line] = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert "_works_long" in line
    assert "test_loop_watchdog.py" in line
    assert watch.longest.seconds >= 0.6
    assert watch.longest.work > 0


async def test_a_loop_that_waits_does_not_stand(caplog: pytest.LogCaptureFixture) -> None:
    watch = LoopWatch(limit=60)
    with caplog.at_level(logging.INFO):
        await _watched(watch, 0.0, 0.3)
    assert [one.levelno for one in caplog.records if "stop" in one.getMessage()] == [logging.INFO]
    assert watch.longest.work < 0.3


async def test_a_stop_by_another_thread_of_ours_is_our_own_and_a_sleep_is_not() -> None:
    idle, busy = LoopWatch(limit=60), LoopWatch(limit=60)
    idle.start(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    time.sleep(0.5)  # as when the machine gives the processor to others
    await asyncio.sleep(0.1)
    idle.stop()
    busy.start(asyncio.get_running_loop())
    await asyncio.sleep(0.1)
    other = threading.Thread(target=_works, args=(0.5,))
    other.start()
    other.join()
    await asyncio.sleep(0.1)
    busy.stop()
    assert idle.longest.seconds >= 0.4
    assert idle.longest_own.own < 0.3
    assert busy.longest_own.own >= 0.4
    assert busy.longest_own.work < 0.3


def _works(seconds: float) -> None:
    """Take so many seconds of processor time."""
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass
