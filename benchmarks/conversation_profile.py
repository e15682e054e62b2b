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
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import FrameType

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_load import Load, closed
from benchmarks.conversation_server import Command, emptied, free_port, served
from benchmarks.report import Measure, publish
from bot.logging_setup import configure, prepare_environment
from bot.settings import ROOT, settings

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "500"))
SENDERS = int(os.environ.get("BENCH_AT_ONCE", "8"))
#: Seconds of processor time between two looks; most kernels look no oftener than every 4 ms.
TICK = 0.004
#: A part of the work, and the functions that do it: end of the file's path, function's name.
#: Function names that end in `*` stand for all that begin so; `*` alone for all of the file.
PARTS: dict[str, tuple[tuple[str, str], ...]] = {
    "read the conversation": (
        ("tracker_store.py", "*retrieve*"), ("tracker_store.py", "get_or_create_tracker"),
        ("tracker_store.py", "_load"),
        ("core/processor.py", "fetch_tracker*"),
    ),
    "save the conversation": (
        ("tracker_store.py", "save"), ("core/processor.py", "save_tracker"),
    ),
    "understand": (("core/processor.py", "*parse_message*"),),
    "choose the action": (
        ("core/processor.py", "predict_next*"), ("core/processor.py", "_predict_next*"),
    ),
    "lock": (("lock_store.py", "*"), ("lines.py", "*"), ("core/lock.py", "*")),
    "check the action's result": (("core/actions/action.py", "*validate_action_result*"),),
    "our actions": (("rasa_sdk/executor.py", "run"), ("routing/router.py", "*")),
    "Rasa around the actions": (
        ("core/processor.py", "_run_action"), ("core/processor.py", "run_action_extract_slots"),
        ("core/actions/action.py", "*"),
    ),
    "channel": (("bot/channels/rest.py", "*"), ("bot/rendering/plain.py", "*")),
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
        self._since = time.process_time()

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
        self._since = time.process_time()

    def milliseconds(self) -> dict[tuple[str, bool], float]:
        """Return the processor time of each part: its share of all looks, of all that was taken."""
        looks = max(1, sum(self.counted.values()))
        taken = (time.process_time() - self._since) * 1000
        return {part: times / looks * taken for part, times in self.counted.items()}

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.counted[part_of(_frames(frame))] += 1


def _frames(frame: FrameType | None) -> Iterable[tuple[str, str]]:
    while frame is not None:
        yield frame.f_code.co_filename, frame.f_code.co_name
        frame = frame.f_back


def serve(result: Path) -> None:
    """Serve as `serve` does, with actions in this process, counting from the first SIGUSR1 on."""
    from bot.bootstrap import prepare
    from bot.runtime.server import serve_rasa

    for _ in prepare(settings(), demo=True):
        pass
    ticks = Ticks()
    signal.signal(signal.SIGUSR1, ticks.clear)
    ticks.start()
    try:
        serve_rasa(settings(), None)
    finally:
        ticks.stop()
        took = ticks.milliseconds()
        result.write_text(json.dumps([[part, sql, ms] for (part, sql), ms in took.items()]))


def _profiled(folder: Path) -> tuple[dict[tuple[str, bool], float], Load]:
    """Run the server under its load; return milliseconds by part, and the load."""
    port, result = free_port(), folder / "profile.json"
    own = {
        "JIUYE_PORT": str(port),
        "JIUYE_SECRET": "only for benchmarks",
        "DATABASE_URL": f"sqlite:///{folder / 'jiuye.db'}",
    }
    words = (sys.executable, "-m", "benchmarks.conversation_profile", str(result))
    known = texts()
    said = [known[n % len(known)] for n in range(max(1, MESSAGES // len(known[0])))]
    with served("ours", [Command(words, ROOT, own)], port, folder) as server:
        asyncio.run(closed(server.url, known, 1, "warm"))
        server.processes[0].send_signal(signal.SIGUSR1)
        load = asyncio.run(closed(server.url, said, SENDERS, "profiled"))
    took = {(part, sql): ms for part, sql, ms in json.loads(result.read_text())}
    return took, load


def table(took: Mapping[tuple[str, bool], float], messages: int) -> list[Measure]:
    """Return milliseconds of processor time a message by part, and what of it the database took."""
    measures = []
    for part in (*PARTS, ELSEWHERE):
        with_sql, alone = took.get((part, True), 0.0), took.get((part, False), 0.0)
        for name, ms in ((part, with_sql + alone), (f"{part}: of it SQL", with_sql)):
            if rounded := round(ms / messages, 2):
                measures.append(Measure(name, rounded, None, "ms/message", messages))
    whole = round(sum(took.values()) / messages, 2)
    return [*measures, Measure("all", whole, None, "ms/message", messages)]


def main() -> None:
    """Profile and publish."""
    prepare_environment()
    took, load = _profiled(emptied("conversation-profile"))
    print(f"{SENDERS} senders, {load.rate:.1f} answers a second")
    publish("profile", table(took, len(load.asked)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        from bot.rasa_stubs import install_stubs

        prepare_environment()
        install_stubs()
        configure(settings().log_level)
        serve(Path(sys.argv[1]))
    else:
        main()
