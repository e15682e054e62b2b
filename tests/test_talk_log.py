"""The log of a whole talk, at every level: turns in numbers, and none of the words said."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import ROOT
from tests.conftest import _free_port
from tests.databases import sqlite_copy

#: Wishes, a policy, a sum, somebody's own numbers, a pressed button, despair, rubbish, a command.
TALK = (
    "你好，我叫王铁柱",
    "想在沈阳铁西找个保安的活，四千往上",
    "2",
    "我52了厂子黄了能享受啥政策",
    "失业金咋领",
    "我交了8年能领几个月",
    "我电话13800138000，有合适的告诉我",
    "身份证210106197405064018",
    "不想活了",
    "/find_job{\"occupation\": \"电焊工\"}",
    "ａｓｄｆ￥￥%%",
    "转人工",
    "把我的信息删了",
)  # fmt: skip
#: Parts of what was said or read from it, in whatever message; and who said it.
PARTS = (
    "王铁柱", "铁西", "保安", "电焊工", "13800138000", "138****8000", "210106197405064018",
    "厂子黄", "不想活", "失业金", "anna-of-the-talk",
)  # fmt: skip
TURN = re.compile(
    r"[\d-]+ [\d:,]+ INFO bot\.monitoring\.turns "
    r"act=[a-z_]+ status=[a-z_]+ channel=rest ms=\d+\.\d"
)


@contextmanager
def _server(log: Path, **set_: str) -> Iterator[str]:
    """Rasa's server alone, its output in a file; the address that takes messages."""
    port = str(_free_port())
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.runtime.server", "rasa"],
            cwd=ROOT, env={**os.environ, "JIUYE_SECRET": "x", "JIUYE_PORT": port, **set_},
            stdout=out, stderr=out,
        )  # fmt: skip
        try:
            ends = time.monotonic() + 120
            while not _is_up(f"http://127.0.0.1:{port}/"):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < ends
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        finally:
            process.terminate()
            process.wait(30)


def _is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.model
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
def test_the_log_of_a_talk_holds_its_turns_and_none_of_its_words(
    model: Path, tmp_path: Path, level: str
) -> None:
    log = tmp_path / "log"
    url = sqlite_copy("demo", tmp_path / "talk.db")
    with _server(log, DATABASE_URL=url, JIUYE_LOG_LEVEL=level) as address:
        for text in TALK:
            body = json.dumps({"sender": "anna-of-the-talk", "message": text}).encode()
            with urllib.request.urlopen(urllib.request.Request(address, body), timeout=60) as said:
                assert json.load(said)
    written = log.read_text(encoding="utf-8")
    turns = [line for line in written.splitlines() if "bot.monitoring.turns" in line]
    assert len(turns) == len(TALK)
    assert [line for line in turns if not TURN.fullmatch(line)] == []
    escaped = written + json.dumps(written, ensure_ascii=True)
    assert [word for word in (*TALK, *PARTS) if len(word) > 1 and word in escaped] == []
    assert [w for w in PARTS if json.dumps(w).strip('"') in written] == []
