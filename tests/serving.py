"""`python -m bot serve` in a process of its own, for tests of the whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.settings import ROOT

#: Seconds that it may take to stop: its servers have ten.
PATIENCE = 30


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Start it, wait until it says that it is ready, and stop it in the end.

    Its attribute `started` holds the lines that it has printed until then.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve", "--demo", *arguments],
        cwd=ROOT, env={**os.environ, "JIUYE_SECRET": "only for tests", **environment},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "ready" in line:
                break
        process.started = lines
        assert process.poll() is None, "".join(lines)
        yield process
    finally:
        # Asked first: its servers are in groups of their own and would outlive a kill.
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
