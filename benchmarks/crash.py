"""A worker is killed while a thousand conversations are under way: does each go on where it was?

PostgreSQL and Redis of its own; `BENCH_SERVE="--workers 2"` says how many workers serve. Every
dialogue is played undisturbed first: that is what each conversation is compared with. In the middle
of the load one worker is killed with SIGKILL. Whoever got no answer sends the message again under
its own id, as the other end of a channel would. If the server ends with its worker, it is started
again here.
BENCH_CONVERSATIONS (1000), BENCH_AT_ONCE (64 messages).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from benchmarks.conversation_dialogues import texts
from benchmarks.conversation_server import (
    WORK,
    Command,
    Served,
    begun,
    emptied,
    free_port,
    our_command,
    served,
    stop,
)
from benchmarks.crash_talks import Crowd, Verdict, judged, talks
from benchmarks.private_postgres import private_postgres
from benchmarks.process_tree import command, descendants
from benchmarks.report import Measure, publish
from bot.logging_setup import prepare_environment

CONVERSATIONS = int(os.environ.get("BENCH_CONVERSATIONS", "1000"))
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "64"))
#: Stands in the command line of every worker.
WORKER = "bot.runtime.server rasa"


def kill_worker(root: int) -> int | None:
    """Kill one worker below a process with SIGKILL; return its id, None when there is none."""
    workers = [pid for pid in descendants(root) if WORKER in command(pid)]
    if not workers:
        return None
    os.kill(workers[0], signal.SIGKILL)
    return workers[0]


@contextmanager
def private_redis(folder: Path) -> Iterator[str | None]:
    """Run a Redis that keeps nothing; give its URL, None when it is not installed."""
    port = free_port()
    words = ("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no")  # fmt: skip
    try:
        process = begun(Command(words, folder, {}), folder / "redis.log")
    except FileNotFoundError:
        yield None
        return
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        stop(process)


def stored_events(database: str, name: str) -> dict[str, list[tuple[str, str]]]:
    """Return kind and text of what was said, by the senders whose ids begin with a name."""
    asked = text(
        "select sender_id, type_name, data from events where sender_id like :who"
        " and type_name in ('user', 'bot') order by id"
    )
    found: dict[str, list[tuple[str, str]]] = {}
    engine = create_engine(database)
    with engine.connect() as db:
        for sender, kind, data in db.execute(asked, {"who": f"{name}-%"}):
            found.setdefault(sender, []).append((kind, json.loads(data).get("text") or ""))
    engine.dispose()
    return found


def _new_database(server: str) -> str:
    engine = create_engine(f"{server}postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as db:
        db.execute(text("drop database if exists crash"))
        db.execute(text("create database crash"))
    engine.dispose()
    return f"{server}crash"


class Executioner(threading.Thread):
    """Kills a worker at half time, and starts the server again should it end with its worker."""

    def __init__(self, server: Served, ours: Command, half_time: threading.Event) -> None:
        super().__init__(daemon=True)
        self._server, self._command, self._half_time = server, ours, half_time
        self._over = threading.Event()
        self.killed: int | None = None
        """The process that was killed."""
        self.restarted: subprocess.Popen[bytes] | None = None
        """The server that was started in place of one that ended."""

    def run(self) -> None:
        """Wait, kill, and look whether the server lives on."""
        self._half_time.wait()
        first = self._server.processes[0]
        self.killed = kill_worker(first.pid)
        while not self._over.wait(0.2):
            if self.restarted is None and first.poll() is not None:
                self.restarted = begun(self._command, self._server.folder / "output-again.log")

    def end(self) -> None:
        """Stop looking, and stop what was started."""
        self._over.set()
        self.join()
        if self.restarted is not None:
            stop(self.restarted)


def crash(folder: Path, database: str, redis: str | None) -> tuple[Verdict, Executioner, float]:
    """Play, kill, and judge; return the verdict, who killed, and the seconds of the load."""
    port, half_time = free_port(), threading.Event()
    ours = our_command(folder, port, database, **({"JIUYE_REDIS_URL": redis} if redis else {}))
    with served("ours", [ours], port, folder) as server:
        calm = talks("calm", len(texts()))
        asyncio.run(Crowd(server.url, 1, threading.Event()).play(calm))
        executioner = Executioner(server, ours, half_time)
        executioner.start()
        everyone, began = talks("crash", CONVERSATIONS), time.perf_counter()
        try:
            asyncio.run(Crowd(server.url, AT_ONCE, half_time).play(everyone))
        finally:
            half_time.set()
            executioner.end()
        seconds = time.perf_counter() - began
    undisturbed = {talk.said: talk.heard for talk in calm}
    return judged(everyone, undisturbed, stored_events(database, "crash")), executioner, seconds


def main() -> None:
    """Run against a private PostgreSQL and Redis, and publish."""
    prepare_environment()
    folder = emptied("crash")
    with private_postgres(WORK / "postgres") as server, private_redis(folder) as redis:
        if server is None:
            raise SystemExit("PostgreSQL is not installed (Debian: postgresql)")
        verdict, executioner, seconds = crash(folder, _new_database(server), redis)
    if executioner.killed is None:
        raise SystemExit(f"no worker was killed: no process below the server runs {WORKER}")
    messages = sum(len(talk.said) for talk in talks("", CONVERSATIONS))
    all_of_them = "all conversations"
    publish(
        "crash",
        [
            Measure("conversations finished", verdict.finished, CONVERSATIONS, "conversations",
                    CONVERSATIONS, all_of_them),
            Measure("answered word for word as undisturbed", verdict.as_undisturbed, CONVERSATIONS,
                    "conversations", CONVERSATIONS, all_of_them),
            Measure("sent again", verdict.sent_again, None, "messages", messages),
            Measure("longest wait", round(verdict.longest_wait, 1), None, "s", messages),
            Measure("stored twice", verdict.stored_twice, None, "messages", messages),
            Measure("answered twice", verdict.answered_twice, None, "messages", messages),
            Measure("answered and lost", verdict.lost, None, "messages", messages),
            Measure("the whole server had to be started again", int(bool(executioner.restarted)),
                    None, "times", 1),
            Measure("the load took", round(seconds, 1), None, "s", 1),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
