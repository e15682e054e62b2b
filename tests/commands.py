"""`python -m bot …` for tests, without importing the program anew for each call."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.settings import ROOT
from bot.supervisor import end_with_parent

#: Seconds after which a command that has not ended is killed.
PATIENCE = 300.0
_spent = [0.0]


def cpu_seconds() -> float:
    """Return the CPU seconds of all commands that this process has run."""
    return _spent[0]


def run_command(
    *words: str,
    environment: Mapping[str, str],
    stdin: str = "",
    limit: int | None = None,
    timeout: float = PATIENCE,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot …` in a process of its own; `limit` is the size no file may grow beyond."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("in", "out", "errors")]
        for file, text in zip(files, (stdin, "", ""), strict=True):
            file.write_text(text, encoding="utf-8")
        request = {
            "words": words, "environment": {**os.environ, **environment},
            "files": list(map(str, files)), "limit": limit,
        }  # fmt: skip
        code = _ask(json.dumps(request), timeout)
        out, errors = (file.read_text(encoding="utf-8") for file in files[1:])
    return subprocess.CompletedProcess(["bot", *words], code, out, errors)


def _ask(request: str, timeout: float) -> int:
    """Have a command run; return its exit code."""
    channel = _server()
    channel.settimeout(PATIENCE)
    channel.sendall(f"{request}\n".encode())
    pid = int(_line(channel))
    channel.settimeout(timeout)
    try:
        ended = _line(channel)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
        channel.settimeout(PATIENCE)
        _line(channel)
        raise
    code, seconds = ended.split()
    _spent[0] += float(seconds)
    return int(code)


def _line(channel: socket.socket) -> str:
    read = b""
    while not read.endswith(b"\n"):
        more = channel.recv(1)
        assert more, "the command server has ended"
        read += more
    return read.decode()


@cache
def _server() -> socket.socket:
    """Start this process's command server; it ends with this process."""
    ours, its = socket.socketpair()
    parent = os.getpid()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.command_server", str(its.fileno())], cwd=ROOT,
        pass_fds=(its.fileno(),), stdin=subprocess.DEVNULL, preexec_fn=lambda: end_with_parent(parent),
    )  # fmt: skip
    its.close()

    def stop() -> None:
        ours.close()
        process.wait(10)

    atexit.register(stop)
    return ours
