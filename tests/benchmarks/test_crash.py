"""The crash benchmark: what it holds against whom, whom it kills, and that people ask again."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading

from aiohttp import web

from benchmarks.crash import WORKER, kill_worker
from benchmarks.crash_talks import AGAIN_AFTER, Crowd, Talk, Verdict, judged
from tests.benchmarks.chat_server import chatting

SAID = ("招保安吗", "那抚顺呢", "谢谢")
CALM = {SAID: ["沈阳3个", "抚顺2个", "不客气"]}
WHOLE = [("user", SAID[0]), ("bot", "沈阳3个"), ("user", SAID[1]), ("bot", "抚顺2个"),
         ("user", SAID[2]), ("bot", "不客气")]  # fmt: skip


def _verdict(talk: Talk, events: list[tuple[str, str]]) -> Verdict:
    return judged([talk], CALM, {talk.sender: events})


def test_a_conversation_that_went_on_where_it_was() -> None:
    talk = Talk("a", SAID, list(CALM[SAID]), [1, 1], 7.5)
    assert _verdict(talk, WHOLE) == Verdict(
        finished=1, as_undisturbed=1, sent_again=1, stored_twice=0, longest_wait=7.5,
        answered_twice=0, lost=0,
    )  # fmt: skip


def test_a_conversation_that_began_anew_is_found() -> None:
    talk = Talk("a", SAID, ["沈阳3个", "想干啥活？", "不客气"])
    assert _verdict(talk, WHOLE).as_undisturbed == 0


def test_what_is_stored_twice_answered_twice_or_lost_is_counted() -> None:
    talk = Talk("a", SAID, list(CALM[SAID]))
    assert _verdict(talk, [*WHOLE, ("user", SAID[1]), ("bot", "抚顺2个")]).stored_twice == 1
    assert _verdict(talk, [*WHOLE, ("bot", "不客气")]).answered_twice == 1
    assert _verdict(talk, WHOLE[:2] + WHOLE[4:]).lost == 1
    assert judged([talk], CALM, {}).lost == 3


def test_a_message_that_was_never_answered_is_not_lost_but_unfinished() -> None:
    verdict = _verdict(Talk("a", SAID, ["沈阳3个"]), WHOLE[:2])
    assert (verdict.finished, verdict.lost) == (0, 0)


async def test_who_got_no_answer_asks_again_and_half_time_is_called() -> None:
    failed = set[str]()

    async def once_broken(sender: str, message: str) -> web.Response:
        if message == SAID[1] and sender not in failed:
            failed.add(sender)
            return web.Response(status=500)
        return web.json_response([{"text": CALM[SAID][SAID.index(message)]}])

    half_time, everyone = threading.Event(), [Talk(f"t-{n}", SAID) for n in range(6)]
    async with chatting(once_broken) as chat:
        await asyncio.wait_for(Crowd(chat.url, 3, half_time).play(everyone), 30)
    assert half_time.is_set()
    assert chat.most_at_once <= 3
    assert [talk.again for talk in everyone] == [[1]] * 6
    assert [talk.heard for talk in everyone] == [CALM[SAID]] * 6
    assert all(talk.longest >= AGAIN_AFTER for talk in everyone)
    # Turn by turn: all are under way before any comes to its end.
    firsts = [n for n, (*_, said) in enumerate(chat.came) if said == SAID[0]]
    lasts = [n for n, (*_, said) in enumerate(chat.came) if said == SAID[2]]
    assert max(firsts) < min(lasts)


def test_only_a_worker_below_the_server_is_killed() -> None:
    nap = "import time; time.sleep(60)"
    start = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}, *{!r}])"
    words = WORKER.split()
    parent = subprocess.Popen([sys.executable, "-c", start.format(nap, words)])
    other = subprocess.Popen([sys.executable, "-c", nap, *words])
    try:
        killed = None
        while killed is None and parent.poll() is None:
            killed = kill_worker(parent.pid)
        assert killed not in (None, other.pid, parent.pid)
        assert parent.wait(30) == 0
        assert other.poll() is None
        assert kill_worker(parent.pid) is None
    finally:
        other.send_signal(signal.SIGKILL)
        other.wait()
