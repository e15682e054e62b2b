"""The status server as `serve` starts it: turns of several workers, through one pipe."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import urllib.request
from pathlib import Path

from bot.commands.serve import TurnsPipe
from bot.settings import Settings
from bot.supervisor import Supervisor
from tests.conftest import _free_port

WORKER = """
import sys, time
from bot.monitoring.turns import record_turn
for _ in range(int(sys.argv[1])):
    with record_turn([], "web"):
        pass
time.sleep(60)
"""
COUNT = 'jiuye_turn_seconds_count{act="none",status="error"} '


def _counted(port: int, wanted: int) -> bool:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                if f"{COUNT}{wanted}\n" in answer.read().decode():
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def test_turns_of_all_workers_are_counted_and_those_of_a_restart_are_not_lost(
    tmp_path: Path,
) -> None:
    port = _free_port()
    pipe = TurnsPipe.open(Settings(status_port=port))
    environment = {
        "JIUYE_STATUS_PORT": str(port), "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}",
        "JIUYE_PORT": str(_free_port()),
    }  # fmt: skip
    worker = (sys.executable, "-c", WORKER)
    with Supervisor(environment) as supervisor:
        supervisor.start("status", (sys.executable, "-m", "bot.monitoring.server"),
                         descriptors=pipe.to_read)  # fmt: skip
        for number in (2, 3):
            supervisor.start("worker", (*worker, str(number)), descriptors=pipe.to_write)
        assert _counted(port, 5)
        status = supervisor._running[0].process
        os.kill(status.pid, signal.SIGKILL)
        status.wait()
        supervisor.start("worker", (*worker, "4"), descriptors=pipe.to_write)
        threading.Timer(15.0, supervisor.stop).start()
        threading.Thread(target=supervisor.watch, daemon=True).start()
        assert _counted(port, 4)
        supervisor.stop()
    os.close(pipe.to_read["JIUYE_TURNS_PIPE"])
    os.close(pipe.to_write["JIUYE_TURNS_PIPE"])
    assert TurnsPipe.open(Settings()).to_write == {}
