"""The load generator: it sends what it says, when it says, and counts honestly."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from itertools import pairwise

import pytest
from aiohttp import web

from benchmarks.conversation_load import (
    PAUSE,
    Arrival,
    Asked,
    Load,
    arrivals,
    closed,
    growing,
    opened,
    percentile,
)
from tests.benchmarks.chat_server import chatting

DIALOGUES = [("你好", "沈阳有活吗", "谢谢"), ("在吗", "失业金多少", "好的")]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([3.0, 1.0, 2.0], 1.0, 3.0),
        ([3.0, 1.0, 2.0], 0.0, 1.0),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 101)), 0.95, 95),
        ([7.0], 0.99, 7.0),
        ([], 0.5, 0.0),
    ],
)
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(
    values: list[float], share: float, expected: float
) -> None:
    assert percentile(values, share) == expected


def test_messages_arrive_at_the_rate_asked_for() -> None:
    coming = list(arrivals(25, 200, DIALOGUES))
    assert len(coming) == pytest.approx(25 * 200, rel=0.05)
    gaps = [b.due - a.due for a, b in pairwise(coming)]
    assert min(gaps) >= 0
    assert sum(gaps) / len(gaps) == pytest.approx(1 / 25, rel=0.05)
    # At random moments: as often far apart as a Poisson process has it (e⁻² = 13.5 %).
    assert sum(gap > 2 / 25 for gap in gaps) / len(gaps) == pytest.approx(0.135, abs=0.02)


def test_each_person_says_his_dialogue_in_order_with_pauses_and_leaves() -> None:
    said: dict[int, list[Arrival]] = {}
    for arrival in arrivals(10, 60, DIALOGUES):
        said.setdefault(arrival.sender, []).append(arrival)
    whole = [turns for turns in said.values() if len(turns) == 3]
    assert len(whole) > 100
    for turns in whole:
        assert tuple(turn.text for turn in turns) == DIALOGUES[turns[0].sender % 2]
        assert turns[1].due - turns[0].due == pytest.approx(PAUSE, rel=0.6)
    assert max(map(len, said.values())) == 3


async def test_in_the_closed_loop_each_waits_for_his_answer() -> None:
    async with chatting() as chat:
        load = await closed(chat.url, DIALOGUES * 5, 4, "c")
    assert chat.most_at_once <= 4
    assert load.count("answered") == len(load.asked) == 30
    heard: dict[str, list[str]] = {}
    for _, sender, message in chat.came:
        heard.setdefault(sender, []).append(message)
    assert len(heard) == 10
    assert Counter(map(tuple, heard.values())) == {DIALOGUES[0]: 5, DIALOGUES[1]: 5}


async def test_in_the_open_loop_messages_come_however_slow_the_answers_are() -> None:
    async def slow(sender: str, message: str) -> web.Response:
        await asyncio.sleep(0.4)
        return web.json_response([{"text": message}])

    coming = [Arrival(n * 0.05, n, "你好") for n in range(10)]
    async with chatting(slow) as chat:
        began = time.monotonic()
        load = await opened(chat.url, coming, "o")
    came = [at - began for at, _, _ in chat.came]
    assert came == pytest.approx([arrival.due for arrival in coming], abs=0.2)
    assert chat.most_at_once >= 5
    assert min(load.took()) >= 400


async def test_what_is_shed_late_or_wrong_is_no_answer() -> None:
    async def fate(sender: str, message: str) -> web.Response:
        if message == "满了":
            return web.json_response({}, status=429)
        if message == "慢":
            await asyncio.sleep(1)
        if message == "坏":
            return web.json_response([{"text": "出错了", "custom": {"status": "error"}}])
        return web.json_response([] if message == "空" else [{"text": "好"}])

    coming = [Arrival(0, n, word) for n, word in enumerate(("满了", "慢", "坏", "空", "好"))]
    async with chatting(fate) as chat:
        load = await opened(chat.url, coming, "f", patience=0.5)
    assert Counter(one.fate for one in load.asked) == {
        "shed": 1, "timeout": 1, "error": 2, "answered": 1
    }  # fmt: skip
    assert len(load.took()) == 1


async def test_a_server_that_is_away_is_an_error_not_a_crash_of_the_load() -> None:
    load = await closed("http://127.0.0.1:9", DIALOGUES, 2, "away")
    assert load.count("error") == len(load.asked) == 6


async def test_a_growing_conversation_asks_all_servers_in_turn() -> None:
    async with chatting() as one, chatting() as other:
        mine, theirs = await growing([one.url, other.url], DIALOGUES[0], 7, 60)
    assert len(mine) == len(theirs) == 7
    assert [text for *_, text in one.came] == [text for *_, text in other.came]
    assert len({sender for _, sender, _ in one.came}) == 1


async def test_a_growing_conversation_ends_when_its_time_is_over() -> None:
    async with chatting() as chat:
        (took,) = await growing([chat.url], DIALOGUES[0], 1_000_000, 0.2)
    assert 0 < len(took) < 1_000_000


def test_a_rate_counts_answers_alone() -> None:
    asked = (Asked(0, 1, "answered"), Asked(0, 2, "timeout"), Asked(1, 1, "answered"))
    assert Load(2.0, asked).rate == 1.0
