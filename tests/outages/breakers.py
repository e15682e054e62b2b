"""What is taken away for a while: the database, its disk, Redis, the gateway."""

from __future__ import annotations

import contextlib
import math
import os
import random
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import POSTGRES_BINARIES, _free_port, missing
from tests.outages.talkers import Gateway
from tests.profiles import SEED


class Breaker(ABC):
    """Something that can be away."""

    name = ""

    @abstractmethod
    def take_away(self) -> None:
        """Begin the outage."""

    @abstractmethod
    def give_back(self) -> None:
        """End it."""


class Locked(Breaker):
    """Another program holds SQLite's writer."""

    name = "SQLite locked"

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: sqlite3.Connection | None = None

    def take_away(self) -> None:
        self._held = sqlite3.connect(self._file, timeout=60, isolation_level=None)
        self._held.execute("begin immediate")

    def give_back(self) -> None:
        assert self._held is not None
        self._held.execute("rollback")
        self._held.close()


class DiskFull(Breaker):
    """No file of the server grows any more: what is written beyond fails, as on a full disk."""

    name = "disk full"

    def __init__(self, processes: Callable[[], list[int]]) -> None:
        self._processes = processes

    def take_away(self) -> None:
        self._limit(1)

    def give_back(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    def _limit(self, size: int) -> None:
        for process in self._processes():
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class Postgres:
    """A cluster of its own, which can be stopped."""

    def __init__(self, folder: Path) -> None:
        if not POSTGRES_BINARIES:
            missing("PostgreSQL is not installed (Debian: postgresql)")
        self._binaries = POSTGRES_BINARIES[-1].parent
        self._folder, self._data, self._port = folder, folder / "data", _free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            shutil.chown(folder, self._user, self._user)
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg2://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self._port} -c unix_socket_directories=''"
            " -c synchronous_commit=on -c fsync=off"
        )
        self._run("pg_ctl", "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def processes(self) -> list[int]:
        """Return the process ids of the server and its children."""
        parent = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True
        ).stdout.split()
        return [parent, *map(int, listed)]

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._binaries / program), "-D", str(self._data), *words]
        subprocess.run(
            command, check=True, user=self._user, cwd=self._folder, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )  # fmt: skip


class PostgresStopped(Breaker):
    """The server is gone in an instant, and comes back with what was committed."""

    name = "PostgreSQL stopped"

    def __init__(self, cluster: Postgres) -> None:
        self._cluster = cluster

    def take_away(self) -> None:
        self._cluster.stop()

    def give_back(self) -> None:
        self._cluster.start()


class PostgresFrozen(Breaker):
    """The server takes connections and says nothing."""

    name = "PostgreSQL frozen"

    def __init__(self, cluster: Postgres) -> None:
        self._cluster = cluster
        self._frozen: list[int] = []

    def take_away(self) -> None:
        self._frozen = self._cluster.processes()
        self._signal(signal.SIGSTOP)

    def give_back(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)


class Paused(Breaker):
    """One server after the other stands still, as one that gets no processor time."""

    name = "server paused"

    def __init__(self, processes: Callable[[], list[int]]) -> None:
        self._processes = processes
        self._times = 0

    def take_away(self) -> None:
        self._signal(signal.SIGSTOP)

    def give_back(self) -> None:
        self._signal(signal.SIGCONT)
        self._times += 1

    def _signal(self, number: signal.Signals) -> None:
        processes = self._processes()
        os.kill(processes[self._times % len(processes)], number)


class GatewayRefuses(Breaker):
    """Kannel takes no answers."""

    name = "gateway refuses"

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def take_away(self) -> None:
        self._gateway.refuses = True

    def give_back(self) -> None:
        self._gateway.refuses = False


class Redis(Breaker):
    """A Redis that keeps nothing, and can be away."""

    name = "Redis away"

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            missing("Redis is not installed (Debian: redis-server)")
        self.port = _free_port()
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "")
        self._command = [program, *options]
        self._process: subprocess.Popen[bytes] | None = None
        self.give_back()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def take_away(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def give_back(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)


@contextlib.contextmanager
def starved(processes: Callable[[], list[int]]) -> Iterator[None]:
    """Let servers have little processor time: each stands still for seconds, again and again."""
    ended = threading.Event()

    def starve(number: int, chance: random.Random) -> None:
        while not ended.wait(chance.uniform(0.05, 3.0)):
            process = processes()[number]
            os.kill(process, signal.SIGSTOP)
            ended.wait(math.exp(chance.uniform(math.log(0.2), math.log(25.0))))
            os.kill(process, signal.SIGCONT)

    threads = [
        threading.Thread(target=starve, args=(number, random.Random(SEED + number)))
        for number in range(len(processes()))
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


@contextlib.contextmanager
def cluster() -> Iterator[Postgres]:
    """Run a cluster; stopped at the end, whatever was done to it."""
    # Not in pytest's folder: PostgreSQL refuses to run as root, and its user may not look there.
    with tempfile.TemporaryDirectory(prefix="jiuye-outage-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        made = Postgres(Path(folder) / "pg")
        made.start()
        try:
            yield made
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                made.stop()


@contextlib.contextmanager
def redis_server() -> Iterator[Redis]:
    """Run a Redis; killed at the end."""
    made = Redis()
    try:
        yield made
    finally:
        made.take_away()
