"""Servers under load: started as an installer starts them, on ports and a database of their own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.conversation_load import answered
from benchmarks.process_tree import Usage, descendants, usage
from bot.settings import ROOT

#: Where benchmarks keep what they make.
WORK = ROOT / "var" / "bench"
#: Seconds that a server may take to its first answer.
PATIENCE = 300.0
#: Seconds that a server has to stop by itself.
GRACE = 30.0


class NotUp(RuntimeError):
    """A server ended, or gave no answer in time."""


@dataclass(frozen=True)
class Command:
    """One process of a server."""

    words: tuple[str, ...]
    """The command line."""
    folder: Path
    """Where it runs."""
    environment: Mapping[str, str]
    """Set beside what this process has."""


@dataclass(frozen=True)
class Served:
    """A running server."""

    name: str
    """Whose it is, for the tables."""
    url: str
    """Its address."""
    processes: tuple[subprocess.Popen[bytes], ...]
    """What was started for it; each may have started more."""
    folder: Path
    """Where its database and logs are."""
    start: float
    """Seconds from the commands to the first answer."""

    def usage(self) -> Usage:
        """Return what all its processes hold and have taken."""
        each = [usage(process.pid) for process in self.processes]
        return Usage(
            sum(one.memory_mb for one in each),
            sum(one.files for one in each),
            sum(one.processes for one in each),
            sum(one.processor_s for one in each),
        )

    def kept(self) -> dict[str, int]:
        """Return the bytes of each file in its folder."""
        files = (file for file in self.folder.rglob("*") if file.is_file())
        return {str(file.relative_to(self.folder)): file.stat().st_size for file in files}


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def emptied(name: str) -> Path:
    """Return an empty folder of the benchmarks."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def our_command(
    folder: Path, port: int, database: str | None = None, **environment: str
) -> Command:
    """Return `python -m bot serve --demo` on a database of its own.

    BENCH_SERVE adds arguments (`--workers 2`).
    """
    arguments = shlex.split(os.environ.get("BENCH_SERVE", ""))
    words = (sys.executable, "-m", "bot", "serve", "--demo", *arguments)
    own = {
        "JIUYE_PORT": str(port),
        "JIUYE_ACTION_PORT": str(free_port()),
        "JIUYE_SECRET": "only for benchmarks",
        "DATABASE_URL": database or f"sqlite:///{folder / 'jiuye.db'}",
        **environment,
    }
    return Command(words, ROOT, own)


@contextmanager
def served(name: str, commands: Sequence[Command], port: int, folder: Path) -> Iterator[Served]:
    """Start a server, wait for its first answer, and stop it in the end."""
    url = f"http://127.0.0.1:{port}"
    processes: list[subprocess.Popen[bytes]] = []
    began = time.perf_counter()
    try:
        for number, command in enumerate(commands):
            processes.append(begun(command, folder / f"output-{number}.log"))
        until_it_answers(url, processes)
        yield Served(name, url, tuple(processes), folder, time.perf_counter() - began)
    finally:
        for process in reversed(processes):
            stop(process)


def begun(command: Command, output: Path) -> subprocess.Popen[bytes]:
    """Start one process in a group of its own; what it prints is added to a file."""
    with output.open("ab") as log:
        return subprocess.Popen(
            command.words, cwd=command.folder, env={**os.environ, **command.environment},
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop as Ctrl-C does; kill it and its children when it does not in time."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE)
            return
        except subprocess.TimeoutExpired:
            _kill(process.pid)
    process.wait()


def _kill(root: int) -> None:
    """Kill a process and all below it: `serve` gives each of its own a group of its own."""
    for pid in descendants(root):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until_it_answers(url: str, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Greet until there is an answer; raises NotUp when a process ends or it takes too long."""
    body = json.dumps({"sender": "first", "message": "你好"}).encode()
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        ended = [process.args for process in processes if process.poll() is not None]
        if ended:
            raise NotUp(f"ended by itself: {ended}; see the output files in {WORK}")
        try:
            request = urllib.request.Request(f"{url}/webhooks/rest/webhook", body)
            with urllib.request.urlopen(request, timeout=30) as response:
                if answered(json.load(response)):
                    return
        except (urllib.error.URLError, OSError, ValueError):
            pass
        time.sleep(0.1)
    raise NotUp(f"{url} gave no answer within {PATIENCE:.0f} s")
