import http.server
import os
import signal
import sys
import threading
import time

import pytest

from bot.supervisor import MOST_ENDS, ProcessEnded, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_processes_are_gone_when_the_supervisor_is_left() -> None:
    with Supervisor() as supervisor:
        supervisor.start("one", SLEEP)
        supervisor.start("two", SLEEP)
        pids = [one.process.pid for one in supervisor._running]
        assert all(map(_alive, pids))
    assert not any(map(_alive, pids))


def test_a_process_that_keeps_ending_by_itself_is_named() -> None:
    told: list[str] = []

    def run() -> None:
        with Supervisor(tell=told.append) as supervisor:
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
