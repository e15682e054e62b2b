import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.runtime import admission as module
from bot.runtime.admission import MAX_CONCURRENT, AdmissionQueue, admission_queue
from tests.channels.conftest import post, running
from tests.conftest import _free_port


async def test_each_is_let_in_in_the_order_of_coming() -> None:
    line, let_in = AdmissionQueue(), []

    async def come(number: int) -> None:
        async with line.admit():
            let_in.append(number)
            await asyncio.sleep(0.001 * (number % 3))

    coming = []
    for number in range(100):  # also while others leave: nobody passes those who wait
        coming.append(asyncio.create_task(come(number)))
        if number % 7 == 0:
            await asyncio.sleep(0.001)
    await asyncio.gather(*coming)
    assert let_in == list(range(100))
    assert line.waiting == 0


async def test_so_many_work_at_once_and_who_gives_up_leaves_no_gap() -> None:
    line, done = AdmissionQueue(), asyncio.Event()
    working = most = 0

    async def come() -> None:
        nonlocal working, most
        async with line.admit():
            working += 1
            most = max(most, working)
            try:
                await done.wait()
            finally:
                working -= 1

    coming = [asyncio.create_task(come()) for _ in range(5 * MAX_CONCURRENT)]
    await asyncio.sleep(0.05)
    for gives_up in (coming[0], coming[MAX_CONCURRENT], coming[-1]):  # at work, next in line, last
        gives_up.cancel()
    await asyncio.sleep(0.05)
    assert line.waiting == 4 * MAX_CONCURRENT - 3
    done.set()
    await asyncio.gather(*coming, return_exceptions=True)
    assert (most, line.waiting) == (MAX_CONCURRENT, 0)


async def test_there_are_too_many_when_the_line_is_full_and_one_crowd_for_all_channels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MAX_QUEUE", 3)
    done = asyncio.Event()

    async def come() -> None:
        async with admission_queue().admit():
            await done.wait()

    coming = [asyncio.create_task(come()) for _ in range(MAX_CONCURRENT + 2)]
    await asyncio.sleep(0.05)
    assert not admission_queue().is_full
    coming.append(asyncio.create_task(come()))
    await asyncio.sleep(0.05)
    assert admission_queue().is_full
    done.set()
    await asyncio.gather(*coming)
    assert not admission_queue().is_full


def test_who_comes_when_there_are_too_many_is_told_so_at_once_and_all_others_are_answered() -> None:
    room = 4

    def ask(number: int) -> tuple[int, str, float]:
        began = time.monotonic()
        body = json.dumps({"sender": f"crowd-{number}", "message": "慢"}).encode()
        status, (answer,) = post(f"{server}/webhooks/rest/webhook", body)
        return status, answer["text"], time.monotonic() - began

    with (
        running(_free_port(), STAND_IN_WAITING=str(room)) as server,
        ThreadPoolExecutor(30) as pool,
    ):
        told = list(pool.map(ask, range(30)))
    shed = [(text, took) for status, text, took in told if status == 503]
    assert len(shed) == 30 - MAX_CONCURRENT - room
    assert all("太多" in text and "12333" in text and took < 1.5 for text, took in shed)
    assert [text for status, text, _ in told if status != 503] == ["你说：慢"] * (
        MAX_CONCURRENT + room
    )
