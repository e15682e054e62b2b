"""The web channel on a real Sanic server, with a small stand-in for the agent behind it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.conftest import _free_port, missing
from tests.databases import sqlite_copy

CHROMIUM = Path("/usr/bin/chromium")
SERVER = Path(__file__).parent / "stand_in_server.py"
Start = Callable[..., AbstractContextManager[str]]


@contextlib.contextmanager
def running(port: int, folder: str | None = None, **set_: str) -> Iterator[str]:
    """Run the stand-in server; its address."""
    kept, folder = folder, folder or tempfile.mkdtemp(prefix="jiuye-web-")
    database = f"sqlite:///{folder}/web.db"
    if not Path(folder, "web.db").exists():
        sqlite_copy("empty", Path(folder, "web.db"))
    environment = {
        **os.environ, "PYTHONPATH": os.getcwd(), "JIUYE_SECRET": "only for tests",
        "DATABASE_URL": database, **set_,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, str(SERVER), str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"{address}/chat/", timeout=1),
            ):
                break
            assert process.poll() is None, "the stand-in server ended"
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(60)
        if kept is None:
            shutil.rmtree(folder)


@pytest.fixture(scope="module")
def web_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the running server has its database, web.db."""
    return str(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def server(web_folder: str) -> Iterator[str]:
    """The address of a running server."""
    with running(_free_port(), web_folder, JIUYE_DEMO_SITE="1") as address:
        yield address


@pytest.fixture
def start() -> Start:
    """Start a server on a port, to stop and start it within a test."""
    return running


@pytest.fixture
def port() -> int:
    """A port nobody listens on."""
    return _free_port()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Debian's chromium."""
    if not CHROMIUM.exists():
        missing("chromium is not installed (Debian: chromium)")
    return str(CHROMIUM)


def post(url: str, body: bytes) -> tuple[int, object]:
    """POST and return status and JSON."""
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)
