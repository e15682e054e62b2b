"""Folders into which people save files, and what the command line says about sources."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.db.session import session
from bot.handoff.accounts import add
from bot.postings.sources.config import Source
from bot.postings.sources.run import Run, run_sources
from bot.postings.sources.status import states
from tests.postings.sources.conftest import open_employers

HEADER = ("岗位名称", "企业", "厂址", "月薪", "福利")
FIELDS = {"title": "岗位名称", "employer": "企业", "place": "厂址", "salary": "月薪"}


def _table(folder: Path, name: str, *rows: tuple[str, ...], age: int = 0) -> Path:
    book = Workbook()
    book.active.append(list(HEADER))
    for row in rows:
        book.active.append(list(row))
    file = folder / name
    book.save(file)
    os.utime(file, (1_800_000_000 - age, 1_800_000_000 - age))
    return file


def _job(number: int) -> tuple[str, ...]:
    return ("电工", f"第{number}厂", "沈阳·铁西区", "5-6千", "五险")


def _run(url: str, source: Source) -> Run:
    return next(iter(list(run_sources(url, [source]))))


def test_a_new_file_in_a_folder_is_read_once(committed: str, tmp_path: Path) -> None:
    source = Source("箱", "folder", path=str(tmp_path), fields=FIELDS)
    _table(tmp_path, "一.xlsx", _job(1))
    assert _run(committed, source).report.new == 1
    assert not _run(committed, source).has_stored
    _table(tmp_path, "二.xlsx", _job(2))
    run = _run(committed, source)
    assert (run.report.read, run.report.new) == (1, 1)
    assert open_employers(committed) == ["第1厂", "第2厂"]


def test_each_table_replaces_the_one_before(committed: str, tmp_path: Path) -> None:
    source = Source(
        "周表", "folder", path=str(tmp_path), pattern="*.xlsx", fields=FIELDS,
        newest_only=True, complete=True, max_shrink=1.0,
    )  # fmt: skip
    _table(tmp_path, "47周.xlsx", _job(1), _job(2), age=7)
    (tmp_path / "说明.txt").write_text("x")
    _run(committed, source)
    _table(tmp_path, "48周.xlsx", _job(2), _job(3))
    assert _run(committed, source).expired == 1
    assert open_employers(committed) == ["第2厂", "第3厂"]


def test_a_broken_file_is_named_and_lets_nothing_go(committed: str, tmp_path: Path) -> None:
    source = Source("箱", "folder", path=str(tmp_path), fields=FIELDS, complete=True)
    _table(tmp_path, "一.xlsx", _job(1))
    _run(committed, source)
    (tmp_path / "一.xlsx").write_bytes(b"PK broken")
    _table(tmp_path, "二.xlsx", _job(2))
    run = _run(committed, source)
    assert "一.xlsx: is no spreadsheet" in (run.error or "")
    assert open_employers(committed) == ["第1厂", "第2厂"]
    # Mended, it is read again.
    _table(tmp_path, "一.xlsx", _job(1))
    assert _run(committed, source).error is None


def test_half_written_and_huge_files_are_left_alone(committed: str, tmp_path: Path) -> None:
    source = Source("箱", "folder", path=str(tmp_path), max_mb=0.001)
    (tmp_path / ".一.xlsx.part").write_bytes(b"x" * 5000)
    (tmp_path / "~$一.xlsx").write_bytes(b"x" * 5000)
    assert _run(committed, source).error is None
    (tmp_path / "大.csv").write_bytes(b"x" * 5000)
    assert "大.csv: larger than 0.001 MB" in (_run(committed, source).error or "")


def test_a_missing_folder_is_named(committed: str, tmp_path: Path) -> None:
    source = Source("箱", "folder", path=str(tmp_path / "none"))
    assert _run(committed, source).error == "there is no such folder"


def test_the_state_of_a_source_tells_of_its_last_run(committed: str, tmp_path: Path) -> None:
    good = Source("好", "folder", path=str(tmp_path), fields=FIELDS)
    bad = Source("坏", "folder", path=str(tmp_path / "none"))
    _table(tmp_path, "一.xlsx", _job(1))
    list(run_sources(committed, [good, bad]))
    with session(committed) as db:
        first, second = states(db, [good, bad])
    assert (first.postings, first.error, first.last_taken is not None) == (1, None, True)
    assert (second.postings, second.last_taken) == (0, None)
    assert second.error == "there is no such folder"


def test_the_command_line_gathers_lists_and_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from bot.__main__ import app
    from bot.settings import settings

    inbox = tmp_path / "inbox"
    inbox.mkdir()
    _table(inbox, "一.xlsx", _job(1), ("保安", "乙物业", "大连", "3千", "入职交押金300元"))
    listed = tmp_path / "sources.yml"
    fields = "{title: 岗位名称, employer: 企业, place: 厂址, salary: 月薪}"
    listed.write_text(f"- {{name: 箱, kind: folder, path: {inbox}, fields: {fields}}}\n", "utf-8")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setenv("JIUYE_SOURCES", str(listed))
    settings.cache_clear()

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["postings", *words])
        return done.exit_code, done.output

    try:
        code, out = run("gather", "--json")
        assert code == 0
        assert json.loads(out)["new"] == 2
        assert json.loads(out)["held"] == 1
        assert run("gather", "--source", "没有")[0] == 1
        assert json.loads(run("sources", "--json")[1])["postings"] == 2
        waiting = json.loads(run("held", "--json")[1])
        assert waiting["faults"] == [["deposit", "交押金"]]
        number = str(waiting["id"])
        assert run("refuse", number, "--by", "王", "--reason", "收押金")[0] == 1  # no account
        with session() as db:
            add(db, "王", "long enough for a test")
        assert run("refuse", number, "--by", "王", "--reason", "收押金")[0] == 0
        assert run("release", number, "--by", "王")[0] == 1
        assert run("held")[1] == ""
    finally:
        settings.cache_clear()
