"""What an import must survive: files that break, absurd values, bombs, another import, a kill."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from bot.db.session import session
from bot.db.tables import (
    Policy,
    PolicyCitation,
    PolicyFigure,
    PolicyRegion,
    PolicyVersion,
    Posting,
)
from bot.postings.errors import PostingFileError
from bot.postings.export import export
from bot.postings.ingest import importer
from bot.postings.ingest.importer import import_files
from tests.databases import sqlite_copy

ROW = {"职位": "电焊工", "公司": "某厂", "地点": "沈阳·铁西区", "薪资": "6-8千"}


def _file(folder: Path, *rows: Any, name: str = "a.jsonl") -> Path:
    path = folder / name
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _statuses(url: str) -> dict[str, str]:
    with session(url) as db:
        return {p.title: p.status for p in db.scalars(select(Posting).order_by(Posting.id))}


@pytest.fixture
def url(committed: str) -> str:
    """A database with a minimum wage of 2,230 yuan a month in 沈阳."""
    version = PolicyVersion(
        effective_from=date(2025, 12, 1),
        regions=[PolicyRegion(region_code="210100")],
        figures=[
            PolicyFigure(name=name, value=value, unit="yuan", text=f"{value}元", source="a")
            for name, value in (("month", "2230"), ("hour", "22"))
        ],
        citations=[PolicyCitation(position=0, key="a", document="某文", issuer="某厅", grade="C")],
    )
    with session(committed) as db:
        db.add(Policy(id="minimum-wage", title="最低工资", content_hash="x", versions=[version]))
    return committed


def test_a_file_that_breaks_leaves_the_one_before_it_screened(url: str, tmp_path: Path) -> None:
    low = _file(tmp_path, {**ROW, "薪资": "1000元/月"})
    broken = _file(tmp_path, "{oops", name="b.jsonl")
    with pytest.raises(PostingFileError):
        import_files(url, [low, broken])
    assert _statuses(url) == {"电焊工": "held"}


def test_a_kill_after_a_file_leaves_nothing_unscreened(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importer, "refresh_medians", killed)
    with pytest.raises(KeyboardInterrupt):
        import_files(url, [_file(tmp_path, {**ROW, "薪资": "1000元/月"})])
    assert _statuses(url) == {"电焊工": "held"}


DEEP = '{"职位": "车工", "公司": "某厂", "标签": ' + "[" * 900 + "]" * 900 + "}"


@pytest.mark.parametrize(
    "absurd",
    [
        {**ROW, "职位": "车工", "薪资": 10**400},
        {**ROW, "职位": "车工", "薪资": f"{'9' * 500}元/月"},
        {**ROW, "职位": "车工", "招聘人数": 10**300},
        {**ROW, "职位": "车工", "有效期": 10**200},
        {**ROW, "职位": "车工", "发布日期": "99999-99-99T99:99:99Z"},
        {**ROW, "职位": "车工", "描述": "\ud800\x00坏"},
        {"title": "车工", "company": "某厂", "baseSalary": {"value": {"minValue": 1e308, "maxValue": 1e309}}},
        '{"职位": "车工", "公司": "某厂", "薪资": 1e400}',
        DEEP,
    ],
)  # fmt: skip
def test_an_absurd_value_ends_no_import(url: str, tmp_path: Path, absurd: Any) -> None:
    rows = [absurd] if isinstance(absurd, str) else [json.dumps(absurd)]
    report = import_files(url, [_file(tmp_path, *rows, ROW)])
    assert report.new >= 1
    statuses = _statuses(url)
    assert statuses["电焊工"] == "open"
    with session(url) as db:
        odd = db.scalars(select(Posting).where(Posting.title == "车工")).first()
        assert odd is None or (odd.salary_max or 0) <= 500_000


@pytest.mark.parametrize("line", ["[" * 200_000, f'{{"职位": {"9" * 6000}}}', '{"a":' * 100_000])
def test_what_no_reader_of_json_takes_refuses_the_file_by_its_row(
    url: str, tmp_path: Path, line: str
) -> None:
    with pytest.raises(PostingFileError, match="row 2"):
        import_files(url, [_file(tmp_path, ROW, line)])
    assert _statuses(url) == {}


def _bomb_xlsx(file: Path) -> Path:
    book = Workbook()
    book.active.append(["单位名称", "岗位名称"])
    book.save(file)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/more.xml", b" " * (250 * 2**20))
    return file


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(url: str, tmp_path: Path) -> None:
    file = _bomb_xlsx(tmp_path / "bomb.xlsx")
    assert file.stat().st_size < 2**20
    with pytest.raises(PostingFileError, match="unpacks to more than"):
        import_files(url, [file])


def _repacked(file: Path, changes: dict[str, Callable[[bytes], bytes]]) -> Path:
    """Write a spreadsheet of one posting some of whose parts are changed."""
    book = Workbook()
    book.active.append(["单位名称", "岗位名称"])
    book.active.append(["某厂", "HERE"])
    book.save(file)
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in {**parts, **changes}:
            packed.writestr(name, changes.get(name, bytes)(parts.get(name, b"")))
    return file


_LAUGH = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
_FILE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'
_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_OVERRIDE = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + _TYPE + b'"/></Types>'


_SST = (
    b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<si><t>&i;</t></si></sst>"
)


@pytest.mark.parametrize("entities", [_LAUGH, _FILE], ids=["laugh", "file"])
@pytest.mark.parametrize("shared", [False, True])
def test_a_spreadsheet_that_declares_entities_is_refused(
    url: str, tmp_path: Path, entities: str, shared: bool
) -> None:
    sheet, strings = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
    declared = entities.encode()
    if shared:
        cell = re.compile(rb'<c r="B2"[^>]*>.*?</c>')
        changes: dict[str, Callable[[bytes], bytes]] = {
            sheet: lambda xml: cell.sub(b'<c r="B2" t="s"><v>0</v></c>', xml),
            strings: lambda _: declared + _SST,
            "[Content_Types].xml": lambda xml: xml.replace(b"</Types>", _OVERRIDE),
        }
    else:
        changes = {sheet: lambda xml: declared + xml.replace(b"HERE", b"&i;")}
    with pytest.raises(PostingFileError, match=r"no spreadsheet that can be opened|broken"):
        import_files(url, [_repacked(tmp_path / "x.xlsx", changes)])
    assert _statuses(url) == {}


def test_a_spreadsheet_that_is_damaged_is_refused(url: str, tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    file = _repacked(tmp_path / "x.xlsx", {})
    with zipfile.ZipFile(file) as packed:
        part = packed.getinfo(sheet)
    content = bytearray(file.read_bytes())
    begins = part.header_offset + 30 + len(sheet)
    content[begins : begins + 8] = b"\xff" * 8
    file.write_bytes(content)
    with pytest.raises(PostingFileError, match=r"no spreadsheet that can be opened|broken"):
        import_files(url, [file])


def test_a_spreadsheet_that_lies_about_its_size_is_refused(url: str, tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    blank = {sheet: lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b" " * 2**28)}
    file = _repacked(tmp_path / "x.xlsx", blank)
    with zipfile.ZipFile(file) as packed:
        size = struct.pack("<I", packed.getinfo(sheet).file_size)
    file.write_bytes(file.read_bytes().replace(size, struct.pack("<I", 1000)))
    with pytest.raises(PostingFileError, match=r"no spreadsheet that can be opened|broken"):
        import_files(url, [file])


@pytest.mark.parametrize("content", [b" ", b'{"a": "b"}\n'])
def test_a_gzip_that_unpacks_to_too_much_is_refused(tmp_path: Path, content: bytes) -> None:
    url = sqlite_copy("stocked", tmp_path / "own.db")  # no database makes a difference
    file = tmp_path / "bomb.jsonl.gz"
    file.write_bytes(gzip.compress(content * (60 * 2**20 // len(content))))
    with pytest.raises(PostingFileError, match=r"unpacks to more than|longer than a posting"):
        import_files(url, [file])


def _import_one(url: str, file: str) -> None:
    import_files(url, [Path(file)])


def test_two_imports_at_once_both_succeed(url: str, tmp_path: Path) -> None:
    files = [
        _file(
            tmp_path,
            *({**ROW, "公司": f"{name}{n}厂"} for n in range(300)),
            name=f"{name}.jsonl",
        )
        for name in ("甲", "乙", "丙")
    ]
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_import_one, args=(url, str(file))) for file in files]
    for process in others:
        process.start()
    for process in others:
        process.join(300)
    assert [process.exitcode for process in others] == [0, 0, 0]
    with session(url) as db:
        assert len({p.employer_id for p in db.scalars(select(Posting))}) == 900


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl"])
@pytest.mark.parametrize("title", ["=1+1", "+86电话员", "-车工", "@SUM(A1)", "＝HYPERLINK(1)"])
def test_an_export_holds_no_formula_and_comes_in_again(
    url: str, tmp_path: Path, name: str, title: str
) -> None:
    more = {
        "性别": "男女不限",
        "年龄要求": "18-50",
        "联系电话": "-024-1",
        "有效期至": "2099-12-31",
        "招聘人数": 3,
    }
    import_files(url, [_file(tmp_path, {**ROW, **more, "职位": title})])
    with session(url) as db:
        assert export(db, tmp_path / name) == 1
    if name.endswith("xlsx"):
        cells = [cell for row in load_workbook(tmp_path / name).active.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        assert not any(str(cell.value)[:1] in "=+-@" for cell in cells if cell.value)
    if name.endswith("csv"):
        text = (tmp_path / name).read_text("utf-8-sig")
        assert not any(cell[:1] in "=+-@" for cell in text.replace("\n", ",").split(",") if cell)
    assert import_files(url, [tmp_path / name]).new == 0
    with session(url) as db:
        posting = db.scalars(select(Posting)).one()
        assert (posting.title, posting.contact, posting.headcount) == (title, "-024-1", 3)
        assert (posting.sex_text, posting.age_text) == ("男女不限", "18-50岁")
