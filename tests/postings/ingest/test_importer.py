import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import Posting, PostingOccupation, PostingOrigin
from bot.postings.errors import PostingFileError
from bot.postings.export import export
from bot.postings.ingest.expiry import expire
from bot.postings.ingest.importer import import_files
from tests.databases import sqlite_copy

ROW = {
    "职位": "电焊工",
    "公司": "某厂",
    "地点": "沈阳·铁西区",
    "薪资": "6-8千",
    "学历": "不限",
    "经验": "2年",
}


@pytest.fixture
def url(committed: str) -> str:
    return committed


def _file(folder: Path, *rows: dict[str, Any], name: str = "a.jsonl") -> Path:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path = folder / name
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _only(db: Session) -> Posting:
    return db.scalars(select(Posting)).one()


def test_a_row_becomes_a_posting_with_values(url: str, tmp_path: Path) -> None:
    report = import_files(url, [_file(tmp_path, ROW)])
    assert (report.read, report.new, report.refused) == (1, 1, [])
    with session(url) as db:
        stored = _only(db)
        assert (stored.region_code, stored.city_code) == ("210106", "210100")
        assert (stored.salary_min, stored.salary_max) == (6000, 8000)
        assert (stored.education, stored.experience_years) == ("none", 2)
        assert [one.occupation_name for one in stored.occupations] == ["焊工"]


def test_a_file_twice_changes_nothing(url: str, tmp_path: Path) -> None:
    file = _file(tmp_path, ROW, ROW, {**ROW, "薪资": "7-9千"})
    assert import_files(url, [file]).new == 3
    again = import_files(url, [file])
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_a_changed_row_changes_its_posting(url: str, tmp_path: Path) -> None:
    import_files(url, [_file(tmp_path, ROW)])
    report = import_files(url, [_file(tmp_path, {**ROW, "薪资": "7-9千"})])
    assert (report.new, report.changed) == (0, 1)
    with session(url) as db:
        assert _only(db).salary_min == 7000
        assert db.scalar(select(func.count()).select_from(PostingOccupation)) == 1


def test_an_id_of_the_source_knows_a_posting_by_any_name(url: str, tmp_path: Path) -> None:
    import_files(url, [_file(tmp_path, {**ROW, "编号": "7"})])
    report = import_files(url, [_file(tmp_path, {**ROW, "编号": "7", "职位": "氩弧焊工"})])
    assert report.changed == 1


def test_a_bad_row_is_named_and_the_rest_goes_in(url: str, tmp_path: Path) -> None:
    file = _file(tmp_path, ROW, {"公司": "某厂"}, {"职位": "电工"}, {**ROW, "职位": "电工"})
    report = import_files(url, [file])
    assert report.new == 2
    assert report.refused == [
        ("a.jsonl", 2, "title: is missing"),
        ("a.jsonl", 3, "employer: is missing"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (
            "cut.jsonl.gz",
            gzip.compress((json.dumps(ROW) * 3000).encode(), mtime=0)[:400],
            "cut off or broken",
        ),
        ("not.jsonl.gz", b"no gzip at all", "cut off or broken"),
        ("bad.jsonl", (json.dumps(ROW) + "\n{oops\n").encode(), "row 2: is no JSON"),
        ("list.jsonl", b"[1]\n", "is no JSON object"),
        ("latin.jsonl", b'{"a": "\xe9"}\n', "is not UTF-8"),
        ("broken.xlsx", b"PK\x03\x04 broken", "no spreadsheet"),
        ("empty.xlsx", b"", "no spreadsheet"),
        ("odd.pdf", b"x", "is none of"),
    ],
)
def test_a_broken_file_is_refused_whole(
    url: str, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(PostingFileError, match=reason):
        import_files(url, [file])
    with session(url) as db:
        assert db.scalar(select(func.count()).select_from(Posting)) == 0


def test_a_missing_file_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(PostingFileError, match="no such file"):
        import_files(url, [tmp_path / "none.jsonl"])


def test_schema_org_postings_are_read(url: str, tmp_path: Path) -> None:
    row = {
        "@type": "JobPosting", "title": "会计", "hiringOrganization": {"name": "某公司"},
        "jobLocation": {"address": {"addressLocality": "大连", "addressDistrict": "中山区"}},
        "baseSalary": {"value": {"minValue": 5000, "maxValue": 7000, "unitText": "MONTH"}},
        "datePosted": "2026-11-01", "identifier": {"value": "x-1"},
    }  # fmt: skip
    import_files(url, [_file(tmp_path, row)])
    with session(url) as db:
        stored = _only(db)
        assert (stored.region_code, stored.salary_min, stored.salary_max) == ("210202", 5000, 7000)
        assert str(stored.published_on) == "2026-11-01"


def test_all_places_of_a_schema_org_posting_are_kept(url: str, tmp_path: Path) -> None:
    cities = ("大连市", "沈阳市", "鞍山市", "沈阳市")
    places = [{"@type": "Place", "address": {"addressLocality": city}} for city in cities]
    row = {
        "@type": "JobPosting", "title": "会计", "hiringOrganization": {"name": "某公司"},
        "jobLocation": places, "identifier": {"value": "x-1"}, "description": "做账",
    }  # fmt: skip
    report = import_files(url, [_file(tmp_path, row)])
    assert (report.read, report.new, report.duplicates) == (1, 1, 0)
    assert import_files(url, [_file(tmp_path, row)]).unchanged == 1
    with session(url) as db:
        posting = _only(db)
        assert posting.region_code == "210200"
        assert "做账" in posting.description
        assert "工作地点还有：沈阳市、鞍山市" in posting.description


def test_places_named_by_their_nodes_are_kept(url: str, tmp_path: Path) -> None:
    graph = [
        {"@id": "#a", "@type": "Place", "address": {"addressLocality": "大连市"}},
        {"@id": "#b", "@type": "Place", "address": {"addressLocality": "沈阳市"}},
        {
            "@type": "JobPosting", "title": "会计", "hiringOrganization": {"name": "某公司"},
            "jobLocation": [{"@id": "#a"}, {"@id": "#b"}],
        },
    ]  # fmt: skip
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"@graph": graph}), encoding="utf-8")
    assert import_files(url, [file]).new == 1
    with session(url) as db:
        assert _only(db).region_code == "210200"
        assert "工作地点还有：沈阳市" in _only(db).description


def test_spreadsheets_and_csv_of_a_chinese_machine_are_read(url: str, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(list(ROW))
    book.active.append(list(ROW.values()))
    book.save(tmp_path / "a.xlsx")
    lines = ",".join(ROW) + "\n" + ",".join(ROW.values()) + "\n"
    (tmp_path / "b.csv").write_bytes(lines.encode("gb18030"))
    report = import_files(url, [tmp_path / "a.xlsx", tmp_path / "b.csv"])
    assert (report.new, report.share("pay"), report.share("region")) == (2, 1.0, 1.0)


def test_what_is_exported_can_be_imported_again(url: str, tmp_path: Path) -> None:
    import_files(url, [_file(tmp_path, ROW, {**ROW, "职位": "电工"})])
    for name in ("out.jsonl", "out.csv", "out.xlsx"):
        with session(url) as db:
            assert export(db, tmp_path / name) == 2
        report = import_files(url, [tmp_path / name])
        assert (report.read, report.new) == (2, 0)


def test_old_postings_expire_and_undated_ones_stay(url: str, tmp_path: Path) -> None:
    rows = ({**ROW, "发布日期": "2024-01-01"}, {**ROW, "职位": "电工"})
    with clock.frozen(date(2024, 3, 1)):
        import_files(url, [_file(tmp_path, *rows)])
    with session(url) as db:
        assert expire(db, date(2025, 1, 1)) == 1
        assert db.scalar(select(func.count()).where(Posting.status == "open")) == 1


def test_every_shared_file_imports_and_is_understood(sqlite_only: str, shared: Path) -> None:
    for file in sorted((shared / "jobs").iterdir()):
        report = import_files(sqlite_only, [file])
        assert report.read > 500
        assert len(report.refused) <= report.read / 1000
        # Some 270 of jobhunting's are sums of a day that are said to be of a month: beyond reason.
        assert (report.share("pay") or 0) >= 0.985
        assert (report.share("region") or 0) > 0.99
        assert (report.share("occupation") or 0) > 0.90
        again = import_files(sqlite_only, [file])
        assert (again.new, again.changed) == (0, 0)


@pytest.fixture
def sqlite_only(tmp_path: Path) -> str:
    """A SQLite database of its own: 80,000 rows once are enough."""
    return sqlite_copy("stocked", tmp_path / "shared.db")


def test_a_row_that_stands_as_it_was_is_not_read_again(url: str, tmp_path: Path) -> None:
    file = _file(tmp_path, ROW, {**ROW, "公司": "另一家厂"})
    assert import_files(url, [file]).share("pay") == 1.0
    again = import_files(url, [file])
    assert (again.read, again.unchanged, again.share("pay")) == (2, 2, None)
    changed = _file(tmp_path, ROW, {**ROW, "公司": "另一家厂", "薪资": "7-8千"})
    third = import_files(url, [changed])
    assert (third.unchanged, third.changed, third.stated["pay"]) == (1, 1, 1)


def test_a_posting_from_before_welfare_was_read_has_it_after_its_next_import(
    url: str, tmp_path: Path
) -> None:
    file = _file(tmp_path, {**ROW, "描述": "包住，双休"})
    import_files(url, [file])
    with session(url) as db:  # as migration 0006 leaves what stood there
        db.execute(update(Posting).values(welfare=""))
        db.execute(update(PostingOrigin).values(content_hash=""))
    assert import_files(url, [file]).changed == 1
    with session(url) as db:
        assert set(_only(db).welfare.split(",")) == {"lodging", "weekends_off"}
