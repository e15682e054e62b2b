"""Imports on SQLite that are cut off: nothing of them, or all; never shown in part."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.db.session import session
from bot.db.tables import Policy, PolicyCitation, PolicyFigure, PolicyRegion, PolicyVersion, Posting
from bot.db.tables import PostingBatch as Batch
from bot.matching import find
from bot.matching.details import visible_posting
from bot.matching.job_preference import JobPreference
from bot.postings.errors import PostingFileError
from bot.postings.ingest import staged_rows
from bot.postings.ingest.importer import import_files
from bot.postings.ingest.interrupted import finish_import
from bot.postings.ingest.parse_batches import pack, unpack
from bot.postings.ingest.parser import Drafter
from bot.postings.ingest.repository import SHORT_BATCH
from bot.reverse_matching.sql_matcher import _unmatched
from tests.databases import sqlite_copy

ROW = {"职位": "电焊工", "地点": "沈阳·铁西区", "薪资": "6-8千", "发布日期": "2026-11-20"}
#: Rows of three batches and a bit.
ROWS = 3 * SHORT_BATCH + 10


class Cut(BaseException):
    """As a signal at this moment."""


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A SQLite database with a minimum wage of 2,230 yuan a month in 沈阳."""
    made = sqlite_copy("stocked", tmp_path / "cut.db")
    version = PolicyVersion(
        effective_from=date(2025, 12, 1),
        regions=[PolicyRegion(region_code="210100")],
        figures=[
            PolicyFigure(name=name, value=value, unit="yuan", text=f"{value}元", source="a")
            for name, value in (("month", "2230"), ("hour", "22"))
        ],
        citations=[PolicyCitation(position=0, key="a", document="某文", issuer="某厅", grade="C")],
    )
    with session(made) as db:
        db.add(Policy(id="minimum-wage", title="最低工资", content_hash="x", versions=[version]))
    return made


def _file(folder: Path, rows: int = ROWS, broken: bool = False) -> Path:
    path = folder / "rows.jsonl"
    made = [json.dumps({**ROW, "公司": f"第{n}厂"}, ensure_ascii=False) for n in range(rows)]
    made.append(json.dumps({**ROW, "公司": "低薪厂", "薪资": "1000元/月"}, ensure_ascii=False))
    path.write_text("\n".join([*made, "{oops" if broken else ""]) + "\n", encoding="utf-8")
    return path


def _shown(url: str) -> tuple[int, int, int]:
    """Return how many postings a search, a look by number and the next push would show."""
    with session(url) as db:
        wish = JobPreference(any_occupation=True, region_code="210100")
        ids = list(db.scalars(select(Posting.id)))
        return (
            find(db, wish).total if ids else 0,
            sum(visible_posting(db, one) is not None for one in ids),
            len(db.execute(_unmatched()).all()),
        )


def _cut_at(
    monkeypatch: pytest.MonkeyPatch, name: str, times: int, act: Callable[[], object]
) -> None:
    """Do something when a function of bot.postings.ingest.staged_rows is called for the nth time."""
    real, left = getattr(staged_rows, name), [times]

    def counted(*given: object) -> object:
        left[0] -= 1
        if left[0] <= 0:
            act()
        return real(*given)

    monkeypatch.setattr(staged_rows, name, counted)


def _cut() -> None:
    raise Cut


def _rows(url: str) -> tuple[int, int]:
    with session(url) as db:
        held = select(func.count()).where(Posting.status == "held")
        return db.scalar(select(func.count(Posting.id))) or 0, db.scalar(held) or 0


def test_drafts_come_back_as_they_were() -> None:
    drafter = Drafter()
    rows = ({**ROW, "公司": "某厂", "描述": "包住，双休", "截止日期": "2026-12-31"}, {"职位": "保安", "公司": "乙"})  # fmt: skip
    drafts = {
        (one.source, str(n)): one
        for n, one in enumerate(drafter.draft(row, "某站") for row in rows)
    }
    assert dict(unpack(pack(drafts))) == drafts


def test_new_postings_are_shown_all_at_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int, int]] = []
    _cut_at(monkeypatch, "take_batch", 1, lambda: seen.append(_shown(url)))
    assert import_files(url, [_file(tmp_path)]).new == ROWS + 1
    assert len(seen) > 3
    assert set(seen) == {(0, 0, 0)}
    assert _shown(url)[1:] == (ROWS, ROWS)
    assert _shown(url)[0] > 0


def test_others_write_between_two_batches(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write() -> None:
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0) as other:
            other.execute("update regions set name = name where code = '210100'")

    for name in ("take_batch", "add"):
        _cut_at(monkeypatch, name, 1, write)
    assert import_files(url, [_file(tmp_path)]).held == 1


def test_an_import_that_is_cut_off_while_it_is_read_leaves_nothing(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As kill -9 has it: nobody tidies up.
    monkeypatch.setattr(staged_rows, "drop_unread", lambda _: None)
    _cut_at(monkeypatch, "add", 3, _cut)
    with pytest.raises(Cut):
        import_files(url, [_file(tmp_path)])
    monkeypatch.undo()
    with session(url) as db:
        assert db.scalar(select(func.count(Batch.number))) == 2
    assert finish_import(url)
    assert _rows(url) == (0, 0)
    with session(url) as db:
        assert db.scalar(select(func.count(Batch.number))) == 0
    assert not finish_import(url)


def test_an_import_that_is_cut_off_while_it_is_written_is_hidden_until_it_is_finished(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cut_at(monkeypatch, "take_batch", 3, _cut)
    with pytest.raises(Cut):
        import_files(url, [_file(tmp_path)])
    monkeypatch.undo()
    assert _rows(url) == (2 * SHORT_BATCH, 0)
    assert _shown(url) == (0, 0, 0)
    assert finish_import(url)
    assert _rows(url) == (ROWS + 1, 1)
    assert _shown(url)[1] == ROWS
    again = import_files(url, [_file(tmp_path)])
    assert (again.new, again.unchanged) == (0, ROWS + 1)


def test_the_next_import_finishes_the_one_before(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cut_at(monkeypatch, "take_batch", 2, _cut)
    with pytest.raises(Cut):
        import_files(url, [_file(tmp_path)])
    monkeypatch.undo()
    assert import_files(url, [_file(tmp_path)]).new == 0
    assert _rows(url) == (ROWS + 1, 1)


def test_a_file_that_breaks_at_its_end_leaves_nothing(url: str, tmp_path: Path) -> None:
    with pytest.raises(PostingFileError):
        import_files(url, [_file(tmp_path, broken=True)])
    assert _rows(url) == (0, 0)
    with session(url) as db:
        assert db.scalar(select(func.count(Batch.number))) == 0
