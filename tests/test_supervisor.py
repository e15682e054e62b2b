import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.supervisor import MOST_ENDS, ProcessEnded, Supervisor
from tests.processes import is_alive

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_all_processes_are_gone_when_the_supervisor_is_left() -> None:
    with Supervisor() as supervisor:
        supervisor.start("one", SLEEP)
        supervisor.start("two", SLEEP)
        pids = [one.process.pid for one in supervisor._running]
        assert all(map(is_alive, pids))
    assert not any(map(is_alive, pids))


def test_a_process_that_keeps_ending_by_itself_is_named() -> None:
    told: list[str] = []

    def run() -> None:
        with Supervisor(notify=told.append) as supervisor:
            supervisor.start("short", [sys.executable, "-c", "raise SystemExit(7)"])
            supervisor.watch()

    with pytest.raises(ProcessEnded, match="short ended with code 7"):
        run()
    assert told == ["short ended with code 7 and is started again"] * MOST_ENDS


def test_a_process_that_is_killed_comes_back_and_the_others_stay() -> None:
    with Supervisor() as supervisor:
        supervisor.start("one", SLEEP)
        supervisor.start("two", SLEEP)
        killed, stays = (one.process for one in supervisor._running)
        os.kill(killed.pid, signal.SIGKILL)
        threading.Timer(1.0, supervisor.stop).start()
        supervisor.watch()
        again, same = (one.process for one in supervisor._running)
        assert again.pid != killed.pid
        assert again.poll() is None
        assert same is stays
        assert same.poll() is None


def test_while_it_waits_for_an_address_an_end_is_final() -> None:
    def run() -> None:
        with Supervisor() as supervisor:
            supervisor.start("short", [sys.executable, "-c", "raise SystemExit(7)"])
            supervisor.wait_until_up("http://127.0.0.1:1/", 20)

    with pytest.raises(ProcessEnded, match="short ended with code 7"):
        run()


HELD_ONE = """
from pathlib import Path
from bot.supervisor import until_released
Path("ready").touch()
until_released()
Path("begun").touch()
import time; time.sleep(60)
"""


def _appears(path: Path, seconds: float = 20) -> bool:
    ends = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < ends:
        time.sleep(0.02)
    return path.exists()


@pytest.fixture
def held_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.chdir(tmp_path)
    return [sys.executable, "-c", HELD_ONE]


def test_one_that_is_held_gets_ready_and_begins_when_released(
    held_command: list[str], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start("held", held_command, paused=True)
        assert _appears(tmp_path / "ready")
        assert not _appears(tmp_path / "begun", 0.3)
        supervisor.release()
        assert _appears(tmp_path / "begun")
        supervisor.check()


def test_one_that_was_held_is_not_held_when_it_is_started_again(
    held_command: list[str], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start("held", held_command, paused=True)
        supervisor.release()
        assert _appears(tmp_path / "begun")
        (tmp_path / "begun").unlink()
        os.kill(supervisor._running[0].process.pid, signal.SIGKILL)
        threading.Timer(1.0, supervisor.stop).start()
        supervisor.watch()
        assert _appears(tmp_path / "begun")


def test_one_that_is_held_ends_with_a_supervisor_that_is_gone(
    held_command: list[str], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start("held", held_command, paused=True)
        assert _appears(tmp_path / "ready")
        process = supervisor._running[0].process
        assert process.stdin
        process.stdin.close()  # as the system does when the supervisor is killed
        assert process.wait(10) == 1
        assert not (tmp_path / "begun").exists()
        supervisor.release()  # finds it gone, and says nothing
        with pytest.raises(ProcessEnded, match="held ended with code 1"):
            supervisor.check()


def test_a_signal_to_stop_ends_the_watch() -> None:
    with Supervisor() as supervisor:
        supervisor.start("one", SLEEP)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        began = time.monotonic()
        supervisor.watch()
        assert time.monotonic() - began < 10


def test_waiting_ends_when_the_address_answers_and_fails_when_it_never_does() -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with Supervisor() as supervisor:
        supervisor.wait_until_up(url, 5)
        server.shutdown()
        server.server_close()
        with pytest.raises(TimeoutError):
            supervisor.wait_until_up(url, 0.5)


SUPERVISOR = """
import sys
from bot.supervisor import Supervisor
with Supervisor() as supervisor:
    supervisor.start("one", [sys.executable, "-c", "import time; time.sleep(60)"])
    print(supervisor._running[0].process.pid, flush=True)
    supervisor.watch()
"""


@contextmanager
def _supervising(**started: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A supervisor in a process of its own, and the number of the process that it watches."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR], stdout=subprocess.PIPE, text=True,
        **started,  # type: ignore[call-overload]
    )  # fmt: skip
    try:
        assert process.stdout
        yield process, int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


def _ends(pid: int, seconds: float = 15) -> bool:
    ends = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < ends:
        time.sleep(0.05)
    return not is_alive(pid)


def test_no_process_outlives_a_supervisor_that_is_killed() -> None:
    with _supervising() as (supervisor, child):
        supervisor.kill()
        supervisor.wait()
        assert _ends(child)


def test_a_closed_terminal_stops_all() -> None:
    with _supervising() as (supervisor, child):
        supervisor.send_signal(signal.SIGHUP)
        assert supervisor.wait(15) == 0
        assert _ends(child)


def test_under_nohup_a_closed_terminal_stops_nothing() -> None:
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    with _supervising(**ignore) as (supervisor, child):
        supervisor.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert supervisor.poll() is None
        assert is_alive(child)


def test_waiting_ends_when_it_is_asked_to_stop() -> None:
    with Supervisor() as supervisor:
        supervisor.start("one", SLEEP)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert not supervisor.wait_until_up("http://127.0.0.1:1/", 20)
