"""A server process with the WeChat and SMS channels, on a database of its own; its log kept."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import _free_port
from tests.databases import sqlite_copy

SERVER = Path(__file__).parent / "stand_in_edges.py"


@dataclass
class Served:
    """A server that can be killed and started again."""

    url: str
    port: int
    log: Path
    database: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=out, stderr=out
            )
        for _ in range(2000):
            with contextlib.suppress(urllib.error.HTTPError, OSError):
                urllib.request.urlopen(f"{self.url}/webhooks/rest/", timeout=1).close()
                return
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(f"the server did not come up: {self.log.read_text()}")

    def kill(self) -> None:
        """Kill it without a warning."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to stop; kill it when it does not."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.kill()


@contextlib.contextmanager
def serving(
    folder: Path, command: list[str] | None = None, port: int | None = None, **set_: str
) -> Iterator[Served]:
    """Run the stand-in (or another command) with settings; the server once it answers."""
    port = port or _free_port()
    database, log = f"sqlite:///{folder / 'edges.db'}", folder / "server.log"
    if not (folder / "edges.db").exists():
        sqlite_copy("empty", folder / "edges.db")
    environment = {
        **os.environ, "PYTHONPATH": os.getcwd(), "DATABASE_URL": database,
        "JIUYE_SECRET": "only for tests", "JIUYE_PORT": str(port), **set_,
    }  # fmt: skip
    command = command or [sys.executable, str(SERVER), str(port)]
    served = Served(f"http://127.0.0.1:{port}", port, log, database, command, environment)
    try:
        served.start()
        yield served
    finally:
        served.stop()
