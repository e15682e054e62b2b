import http.server
import os
import signal
import sys
import threading
import time

import pytest

from bot.supervisor import ProcessEnded, Supervisor

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
        pids = [process.pid for _, process in supervisor._running]
        assert all(map(_alive, pids))
    assert not any(map(_alive, pids))


def test_a_process_that_ends_by_itself_is_named() -> None:
    def run() -> None:
        with Supervisor() as supervisor:
            supervisor.start("short", [sys.executable, "-c", "raise SystemExit(7)"])
            supervisor.watch()

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
