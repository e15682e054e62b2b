"""Servers under load: started, waited for, and gone afterwards."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from benchmarks import conversation_server
from benchmarks.conversation_server import Command, NotUp, begun, free_port, served, stop
from benchmarks.process_tree import command, descendants
from bot.settings import ROOT

#: Answers nothing until it was greeted twice; keeps a child; writes a file.
PROGRAM = """
import json, subprocess, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
open(sys.argv[2], "w").write("kept")
greeted = 0
class Chat(BaseHTTPRequestHandler):
    def do_POST(self):
        global greeted
        greeted += 1
        body = json.dumps([{"text": "您好"}] if greeted > 2 else []).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Chat).serve_forever()
"""


def test_a_server_is_up_when_it_says_something_and_gone_when_left(tmp_path: Path) -> None:
    port = free_port()
    words = (sys.executable, "-c", PROGRAM, str(port), str(tmp_path / "jiuye.db"))
    with served("it", [Command(words, ROOT, {})], port, tmp_path) as server:
        assert server.start > 0.1
        assert server.usage().processes == 2
        assert server.kept()["jiuye.db"] == len("kept")
        assert "output-0.log" in server.kept()
        pids = descendants(server.processes[0].pid)
    assert len(pids) == 2
    _until_gone(pids)


def test_a_server_that_ends_by_itself_is_not_waited_for(tmp_path: Path) -> None:
    ends = Command((sys.executable, "-c", "raise SystemExit(3)"), ROOT, {})
    with pytest.raises(NotUp, match="SystemExit"), served("it", [ends], free_port(), tmp_path):
        pytest.fail("it was never up")


def test_what_does_not_stop_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_server, "GRACE", 0.2)
    deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); {}time.sleep(60)"
    child = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {deaf.format('')!r}], start_new_session=True); "
    process = begun(
        Command((sys.executable, "-c", deaf.format(child)), tmp_path, {}), tmp_path / "log"
    )
    pids: list[int] = []
    while len(pids) < 2:
        assert process.poll() is None
        pids = descendants(process.pid)
    stop(process)
    assert process.returncode == -9
    _until_gone(pids)


def _until_gone(pids: list[int]) -> None:
    """Wait: a process that was killed, or has lost its parent, takes a moment to be gone."""
    ends = time.monotonic() + 10
    while any(map(command, pids)):
        assert time.monotonic() < ends
        time.sleep(0.05)
