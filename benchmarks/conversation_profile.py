"""Where our server's processor time goes while it answers over the REST channel.

The server runs in a process of its own with a timer of processor time; at each tick the stack is
looked at and counted for the part of the work that stands innermost in it. What sqlalchemy and the
database's driver do is given beside, as a share of each part. BENCH_MESSAGES (500),
BENCH_AT_ONCE (8).

`python -m benchmarks.conversation_profile FILE` is that server: it writes the counts when it ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import closed
from benchmarks.conversation_server import Command, emptied, free_port, served
from benchmarks.report import Measure, publish
from bot.logs import configure, prepare_environment
from bot.settings import ROOT, settings

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "500"))
SENDERS = int(os.environ.get("BENCH_AT_ONCE", "8"))
#: Seconds of processor time between two looks.
TICK = 0.002
#: A part of the work, and the functions that do it: end of the file's path, function's name.
#: Function names that end in `*` stand for all that begin so; `*` alone for all of the file.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "read the conversation": (
        ("tracker_store.py", "*retrieve*"), ("tracker_store.py", "get_or_create_tracker"),
        ("core/processor.py", "fetch_tracker*"),
    ),
    "save the conversation": (
        ("tracker_store.py", "save"), ("core/processor.py", "save_tracker"),
    ),
    "understand": (("core/processor.py", "*parse_message*"),),
    "choose the action": (
        ("core/processor.py", "predict_next*"), ("core/processor.py", "_predict_next*"),
    ),
    "lock": (("lock_store.py", "*"), ("core/lock.py", "*")),
    "check the action's result": (("core/actions/action.py", "*validate_action_result*"),),
    "our actions": (("rasa_sdk/executor.py", "run"), ("actions/answer.py", "*")),
    "Rasa around the actions": (
        ("core/processor.py", "_run_action"), ("core/processor.py", "run_action_extract_slots"),
        ("core/actions/action.py", "*"),
    ),
    "channel": (("bot/channels/rest.py", "*"), ("bot/channels/render.py", "*")),
    "rest of Rasa": (("rasa/core/processor.py", "*"), ("rasa/core/agent.py", "*")),
    "HTTP": (("sanic/", "*"), ("uvloop", "*"), ("asyncio/", "*"), ("httptools", "*")),
}  # fmt: skip
ELSEWHERE = "everything else"
SQL = ("/sqlalchemy/", "/sqlite3/", "/psycopg2/")


def part_of(stack: Iterable[tuple[str, str]]) -> tuple[str, bool]:
    """Return the part that a stack belongs to, and whether the database is being asked.

    The stack is file and function of each frame, the innermost first.
    """
    in_sql = False
    for file, function in stack:
        in_sql = in_sql or any(place in file for place in SQL)
        for part, places in PARTS.items():
            if any(_stands(file, function, *place) for place in places):
                return part, in_sql
    return ELSEWHERE, in_sql


def _stands(file: str, function: str, place: str, named: str) -> bool:
    if not (place in file if place.endswith("/") else file.endswith(place)):
        return False
    if named.startswith("*") and named.endswith("*"):
        return named.strip("*") in function
    return function.startswith(named[:-1]) if named.endswith("*") else function == named


class Ticks:
    """Counts looks at the main thread's stack by part, one every `TICK` of processor time."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, bool]] = Counter()

    def start(self) -> None:
        """Set the timer; only in the main thread."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, TICK, TICK)

    def stop(self) -> None:
        """Take the timer away."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def clear(self, *_: object) -> None:
        """Forget what was counted."""
        self.counted.clear()

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.counted[part_of(_frames(frame))] += 1


def _frames(frame: FrameType | None) -> Iterable[tuple[str, str]]:
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def serve(counted: Path) -> None:
    """Serve as `serve` does, with actions in this process, counting from the first SIGUSR1 on."""
    from bot.channels.server import serve_rasa
    from bot.prepare import prepare

    for _ in prepare(settings(), demo=True):
        pass
    ticks = Ticks()
    signal.signal(signal.SIGUSR1, ticks.clear)
    ticks.start()
    try:
        serve_rasa(settings(), None)
    finally:
        ticks.stop()
        listed = [[part, sql, times] for (part, sql), times in ticks.counted.items()]
        counted.write_text(json.dumps(listed))


def _profiled(folder: Path) -> tuple[Counter[tuple[str, bool]], float]:
    """Run the server under its load; return the counts and the answers a second."""
    port, counted = free_port(), folder / "ticks.json"
    own = {
        "JIUYE_PORT": str(port),
        "JIUYE_SECRET": "only for benchmarks",
        "DATABASE_URL": f"sqlite:///{folder / 'jiuye.db'}",
    }
    words = (sys.executable, "-m", "benchmarks.conversation_profile", str(counted))
    known = texts()
    said = [known[n % len(known)] for n in range(max(1, MESSAGES // len(known[0])))]
    with served("ours", [Command(words, ROOT, own)], port, folder) as server:
        asyncio.run(closed(server.url, known, 1, "warm"))
        server.processes[0].send_signal(signal.SIGUSR1)
        load = asyncio.run(closed(server.url, said, SENDERS, "profiled"))
    listed = json.loads(counted.read_text())
    return Counter({(part, sql): times for part, sql, times in listed}), load.rate


def table(counted: Mapping[tuple[str, bool], int], messages: int) -> list[Measure]:
    """Return milliseconds of processor time a message by part, and what of it the database took."""
    measures = []
    for part in (*PARTS, ELSEWHERE):
        with_sql, alone = counted.get((part, True), 0), counted.get((part, False), 0)
        for name, times in ((part, with_sql + alone), (f"{part}: of it SQL", with_sql)):
            took = round(times * TICK * 1000 / messages, 2)
            if took:
                measures.append(Measure(name, took, None, "ms/message", messages))
    return measures


def main() -> None:
    """Profile and publish."""
    prepare_environment()
    counted, rate = _profiled(emptied("conversation-profile"))
    print(f"{SENDERS} senders, {rate:.1f} answers a second, {sum(counted.values())} looks")
    publish("profile", table(counted, MESSAGES))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        from bot.lean_rasa import leave_out

        prepare_environment()
        leave_out()
        configure(settings().log_level)
        serve(Path(sys.argv[1]))
    else:
        main()
