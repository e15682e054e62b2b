"""Sheets as different offices write them: imported, named where unreadable, undone, exported."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import CHINA
from bot.db.session import session
from bot.db.tables import (
    DirectoryItem,
    Station,
)
from bot.places.changes import TABLES
from bot.places.errors import ListingFileError
from bot.places.importer import import_file
from bot.places.sheets import Kind
from tests.places.office_sheets import OFFICES, Line, csv_file


def _xlsx(folder: Path, lines: list[Line]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    file = folder / "表.xlsx"
    book.save(file)
    return file


#: What each of them means, whichever office wrote it.
MEANT: dict[Kind, dict[str, Any]] = {
    "station": {"title": "甲站", "region_code": "210106", "phone": "024-1", "functions": "publicity,gig", "verified_on": date(2026, 11, 20)},
    "fair": {"kind": "fair", "region_code": "210106", "starts_at": datetime(2026, 12, 5, 9, tzinfo=CHINA), "ends_at": datetime(2026, 12, 5, 11, 30, tzinfo=CHINA), "audiences": "veteran", "employers": 35, "openings": 420},
    "provider": {"title": "乙校", "region_code": "210211", "phone": "0411-2"},
    "course": {"provider": "丙校", "occupation_name": "焊工", "region_code": "210106", "starts_on": date(2026, 12, 7), "length": "120课时", "times": "evening", "fee": 0, "certificate": "操作证", "age_min": 18, "age_max": 55, "seats": 30},
    "directory": {"directory": "shortage", "quarter": "2026Q4", "position": 1, "occupation_name": "焊工", "degree": "非常紧缺", "region_code": "210000"},
    "rate": {"occupation_name": "叉车司机", "amount": 1000, "region_code": "210100", "starts_on": date(2026, 1, 1), "document": "某文〔2026〕1号"},
}  # fmt: skip
CASES = [
    (kind, office, lines) for kind, sheets in OFFICES.items() for office, lines in enumerate(sheets)
]


@pytest.mark.parametrize(
    ("kind", "office", "lines"), CASES, ids=lambda v: v if isinstance(v, (str, int)) else ""
)
def test_three_offices_headers_of_each_kind(
    committed: str, tmp_path: Path, kind: Kind, office: int, lines: list[Line]
) -> None:
    file = _xlsx(tmp_path, lines) if office else csv_file(tmp_path, lines, "gb18030")
    report = import_file(committed, file, kind, "王某")
    assert (report.new, list(report.refused), report.notes) == (1, [], [])
    with session(committed) as db:
        row = db.scalars(select(TABLES[kind])).one()
        found = {name: getattr(row, name) for name in MEANT[kind]}
    assert found == MEANT[kind]
    if (kind, office) == ("station", 1):
        assert any("备注说明" in one for one in report.unread)


def test_what_cannot_be_read_is_named_with_row_and_field(committed: str, tmp_path: Path) -> None:
    lines = [
        ["市", "区县", "站点名称", "办公时间", "纬度", "经度", "坐标系", "核实日期", "领导电话"],
        [
            "沈阳市",
            "铁西区",
            "好站",
            "周一至周五 9:00-11:00",
            "41.80",
            "123.37",
            "GCJ-02",
            "2026-11-20",
            "1",
        ],
        ["", "", "没地方的站", "", "", "", "", "", ""],
        ["沈阳市", "铁西区", "怪时间站", "看情况", "41.80", "123.37", "", "上个月", ""],
        ["沈阳市", "铁西区", "", "周一至周五 9:00-11:00", "", "", "", "", ""],
    ]
    report = import_file(committed, csv_file(tmp_path, lines), "station", "王某")
    assert report.new == 2
    assert [(one.number, one.field) for one in report.refused] == [(3, "region"), (5, "title")]
    noted = {(row, reason.split(":")[0]) for row, reason in report.notes}
    assert noted == {(4, "hours"), (4, "lat"), (4, "verified_on")}
    assert list(report.unread) == ["领导电话"]
    with session(committed) as db:
        good, odd = db.scalars(select(Station).order_by(Station.id))
        assert good.lat == pytest.approx(41.80 - 0.0019, abs=0.002)
        assert good.lon != 123.37  # GCJ-02 was turned into WGS-84
        assert (odd.hours, odd.lat, odd.verified_on) == ("", None, None)


def test_a_file_without_a_known_header_is_refused_whole(committed: str, tmp_path: Path) -> None:
    with pytest.raises(ListingFileError, match=r"表\.csv: no header is known"):
        import_file(committed, csv_file(tmp_path, [["甲", "乙"], ["1", "2"]]), "station", "王某")
    with pytest.raises(ListingFileError, match="no such file"):
        import_file(committed, tmp_path / "nothing.csv", "station", "王某")


def test_a_sum_of_subsidy_needs_its_document_and_its_check(committed: str, tmp_path: Path) -> None:
    lines = [
        ["市", "工种", "补贴标准", "执行日期", "文件", "核实日期"],
        ["沈阳市", "焊工", "1000元", "2026-01-01", "", "2026-11-20"],
        ["沈阳市", "焊工", "1000元", "2026-01-01", "某文1号", ""],
        ["沈阳市", "焊工", "800-1500元", "2026-01-01", "某文1号", "2026-11-20"],
    ]
    report = import_file(committed, csv_file(tmp_path, lines), "rate", "王某")
    assert [(one.number, one.field) for one in report.refused] == [
        (2, "document"), (3, "verified_on"), (4, "amount"),
    ]  # fmt: skip
    assert report.new == 0


def test_a_new_quarter_stands_beside_the_one_before(committed: str, tmp_path: Path) -> None:
    for quarter in ("2026年三季度", "2026年四季度"):
        lines = [["目录", "季度", "序号", "职业名称"], ["急需紧缺", quarter, "1", "焊工"]]
        import_file(committed, csv_file(tmp_path, lines), "directory", "王某")
    with session(committed) as db:
        assert sorted(db.scalars(select(DirectoryItem.quarter))) == ["2026Q3", "2026Q4"]


def test_the_command_line_previews_imports_lists_exports_and_undoes(
    here: str, tmp_path: Path
) -> None:
    file = str(csv_file(tmp_path, OFFICES["station"][0]))
    run = CliRunner().invoke

    def said(*words: str, code: int = 0) -> str:
        done = run(app, ["places", *words])
        assert done.exit_code == code, done.output
        return done.output

    assert "1 station rows would be new" in said(
        "import", "station", file, "--by", "王某", "--preview"
    )
    assert "(import" in said("import", "station", file, "--by", "王某")
    assert "甲站 · 210106 · " in said("list", "station", "--region", "沈阳")
    assert "1 station rows written" in said("export", "station", str(tmp_path / "出.csv"))
    number = said("imports").split()[0]
    assert "1 rows taken back" in said("undo", number, "--by", "王某")
    assert said("list", "station") == ""
    assert run(app, ["places", "undo", number, "--by", "王某"]).exit_code == 1
    assert run(app, ["places", "list", "spaceport"]).exit_code == 2
