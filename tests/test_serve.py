"""`serve` as `make run` starts it: processes, web page, answers, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ports import claimed
from bot.settings import ROOT
from tests.commands import run_command
from tests.conftest import _free_port
from tests.databases import sqlite_copy
from tests.processes import is_alive
from tests.serving import serving


@pytest.fixture
def prepared(tmp_path: Path) -> None:
    """The database stands already, with its demo: only one test need wait for that."""
    sqlite_copy("served", tmp_path / "served.db")


@pytest.fixture
def served(model: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running assistant on a database of its own, and its address."""
    port = str(_free_port())
    database = f"sqlite:///{tmp_path / 'served.db'}"
    with serving(
        JIUYE_PORT=port, JIUYE_ACTION_PORT=str(_free_port()), DATABASE_URL=database
    ) as process:
        yield process, f"http://127.0.0.1:{port}"


def _say(address: str, text: str, sender: str = "anna") -> list[dict[str, object]]:
    body = json.dumps({"sender": sender, "message": text}).encode()
    request = urllib.request.Request(f"{address}/webhooks/rest/webhook", body)
    with urllib.request.urlopen(request, timeout=30) as answer:
        said: list[dict[str, object]] = json.load(answer)
        return said


def _children(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True
    )
    return [int(word) for word in listed.stdout.split()]


@pytest.mark.model
def test_from_a_start_to_a_conversation_and_a_clean_stop(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = served
    *steps, ready = process.started
    assert len(steps) >= 4
    assert [line for line in steps if not re.fullmatch(r"· .+ \(\d+\.\d s\)\n", line)] == []
    assert re.fullmatch(rf"ready after \d+ s: {address}/chat/ \(Ctrl-C stops\)\n", ready)
    _answers_the_first_as_fast_as_the_next(address)
    with urllib.request.urlopen(f"{address}/chat/", timeout=10) as page:
        assert "jiuye-chat" in page.read().decode()
    assert b"asa" not in _read(f"{address}/")  # no program of others is named, nor its version
    assert "30万" in str(_say(address, "创业贷款最高能贷多少")[0]["text"])
    assert "沈阳" in str(_say(address, "沈阳有没有招保安的")[0]["text"])
    assert "抚顺" in str(_say(address, "那抚顺呢")[0]["text"])
    _wait_for(lambda: b"<h1>" in _read(f"{_console(address)}/login"))
    servers = _children(process.pid)
    assert len(servers) == 3
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    time.sleep(0.2)
    assert not any(map(is_alive, servers))


def _console(address: str) -> str:
    """Return the address of the console that --demo brings: the bot's next port."""
    host, _, port = address.rpartition(":")
    return f"{host}:{int(port) + 1}"


def _read(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            body: bytes = answer.read()
            return body
    except OSError:
        return b""


def _answers_the_first_as_fast_as_the_next(address: str) -> None:
    """Texts and people that are new each time; without a warm-up the first took 20 times as long."""
    towns = ("铁岭", "大连", "抚顺", "锦州", "丹东", "营口", "阜新")
    seconds = []
    for number, town in enumerate(towns):
        began = time.monotonic()
        assert town in str(_say(address, f"{town}有没有招司机的", f"new-{number}")[0]["text"])
        seconds.append(time.monotonic() - began)
    assert seconds[0] < 5 * statistics.median(seconds[1:]) + 0.1, seconds


@pytest.mark.model
@pytest.mark.usefixtures("prepared")
def test_a_life_with_health_metrics_a_killed_server_and_a_closed_terminal(
    model: Path, tmp_path: Path
) -> None:
    port, status = str(_free_port()), str(_free_port())
    address, database = f"http://127.0.0.1:{port}", f"sqlite:///{tmp_path / 'served.db'}"
    with serving(JIUYE_PORT=port, JIUYE_STATUS_PORT=status, DATABASE_URL=database) as process:
        _say(address, "创业贷款最高能贷多少")
        _tells_its_state(f"http://127.0.0.1:{status}")
        _comes_back_and_goes_on(process, address)
        servers = _children(process.pid)
        process.send_signal(signal.SIGHUP)
        assert process.wait(30) == 0
        assert not any(map(is_alive, servers))


def _tells_its_state(status: str) -> None:
    """One turn has been: health and metrics say so."""
    _wait_for(lambda: _answers(status, "/health"))
    with urllib.request.urlopen(f"{status}/metrics", timeout=10) as answer:
        metrics = answer.read().decode()
    assert 'jiuye_turn_seconds_count{act="policy",status="answered"} 1\n' in metrics
    assert 'jiuye_check_ok{check="assistant"} 1\n' in metrics


def _comes_back_and_goes_on(process: subprocess.Popen[str], address: str) -> None:
    """A server that is killed comes back, the others stay, and the conversation goes on."""
    assert "沈阳" in str(_say(address, "沈阳有没有招保安的")[0]["text"])
    killed, *others = _children(process.pid)
    os.kill(killed, signal.SIGKILL)
    _wait_for(lambda: not is_alive(killed))
    _wait_for(lambda: _answers(address))
    assert process.poll() is None
    assert all(map(is_alive, others))
    assert "抚顺" in str(_say(address, "那抚顺呢")[0]["text"])


@pytest.mark.model
@pytest.mark.usefixtures("prepared")
def test_nothing_outlives_a_serve_that_is_killed_and_its_port_is_free_again(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    process, address = served
    port = address.rpartition(":")[2]
    second = run_command("serve", environment={"JIUYE_PORT": port})
    assert second.returncode == 1
    assert f"port {port} is taken by another `serve` (process {process.pid})" in second.stderr
    servers = _children(process.pid)
    process.kill()
    process.wait()
    _wait_for(lambda: not any(map(is_alive, servers)), 15)
    with claimed(ROOT / "var", "127.0.0.1", int(port)):
        pass


def test_several_workers_need_what_they_share(tmp_path: Path) -> None:
    for url, redis, needed in (
        (f"sqlite:///{tmp_path / 'alone.db'}", "redis://127.0.0.1:1/0", "PostgreSQL"),
        ("postgresql+psycopg2://nobody@127.0.0.1:1/none", "", "Redis"),
    ):
        settings = {"DATABASE_URL": url, "JIUYE_REDIS_URL": redis}
        refused = run_command("serve", "--workers", "2", environment=settings)
        assert refused.returncode == 2
        assert needed in refused.stderr


def _answers(address: str, path: str = "/chat/") -> bool:
    try:
        with urllib.request.urlopen(f"{address}{path}", timeout=2):
            return True
    except OSError:
        return False


def _wait_for(happened: Callable[[], bool], seconds: float = 180.0) -> None:
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends
        time.sleep(0.2)
