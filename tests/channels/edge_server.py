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
from dataclasses import dataclass
from pathlib import Path

from bot.db import migrate
from tests.conftest import _free_port

SERVER = Path(__file__).parent / "stand_in_edges.py"


@dataclass
class Served:
    """A running server."""

    url: str
    port: int
    log: Path
    database: str


@contextlib.contextmanager
def serving(
    folder: Path, command: list[str] | None = None, port: int | None = None, **set_: str
) -> Iterator[Served]:
    """Run the stand-in (or another command) with settings; the server once it answers."""
    port = port or _free_port()
    database, log = f"sqlite:///{folder / 'edges.db'}", folder / "server.log"
    migrate.upgrade(database)
    environment = {
        **os.environ, "PYTHONPATH": os.getcwd(), "DATABASE_URL": database,
        "JIUYE_SECRET": "only for tests", "JIUYE_PORT": str(port), **set_,
    }  # fmt: skip
    with log.open("ab") as out:
        process = subprocess.Popen(
            command or [sys.executable, str(SERVER), str(port)],
            env=environment, stdout=out, stderr=out,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(2000):
            with contextlib.suppress(urllib.error.HTTPError, OSError):
                urllib.request.urlopen(f"{url}/webhooks/rest/", timeout=1).close()
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            raise AssertionError(f"the server did not come up: {log.read_text()}")
        yield Served(url, port, log, database)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
