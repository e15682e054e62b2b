from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import EmploymentFiling, MonthlyCount, WarningBatch
from bot.postings.errors import PostingFileError
from bot.settings import settings
from bot.warning import batches
from bot.warning.delivered import read_delivery
from bot.warning.errors import BatchError
from tests.warning.office_files import FILINGS, filing, firm, write_csv

NOV = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _clock():  # type: ignore[no-untyped-def]
    with clock.frozen(date(2026, 12, 10)):
        yield


def _filings(folder: Path, *rows: tuple[str, ...], name: str = "备案.csv") -> Path:
    return write_csv(folder / name, FILINGS, rows)


def test_a_sheet_under_a_title_with_other_headers_is_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["2026年11月用工备案明细表"])
    sheet.append(
        [
            "业务流水号",
            "社会信用代码",
            "公民身份号码",
            "业务类型",
            "生效日期",
            "办理日期",
            "减少原因",
            "区县",
        ]
    )
    sheet.append(
        [
            "B1",
            firm(1),
            "11010519491231002X",
            "减员",
            date(2026, 11, 3),
            date(2026, 11, 5),
            "裁员",
            "沈阳市铁西区",
        ]
    )
    sheet.append(["B2", firm(1), "11010519491231002X", "撤销", None, 46331, None, 210106])
    book.save(tmp_path / "表.xlsx")
    read = read_delivery(tmp_path / "表.xlsx", "filings")
    assert read.refused == []
    assert [(r["kind"], r["effective_on"], r["reason"], r["district"]) for r in read.rows] == [
        ("end", date(2026, 11, 3), "layoff", "210106"),
        ("revoke", date(2026, 11, 5), "", "210106"),
    ]
    assert read.covered == {("210106", NOV)}


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        (0, "", "缺备案号"), (1, firm(1)[:-1] + "?", "字符"), (2, "110105194912310021", "校验位"),
        (3, "调动", "备案类型“调动”不认得"), (4, "2026-11-31", "不是日期"), (4, "2028-11-30", "不合理"),
        (5, "2026-12-11", "今天之后"), (6, "跳槽", "解除原因“跳槽”不认得"), (7, "铁西县", "没有“铁西县”这个区县"),
        (7, "铁西区", "有几个"),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_refused_with_its_number_and_reason(
    tmp_path: Path, column: int, value: str, why: str
) -> None:
    good = filing("A1", firm(1), 1, "解除", date(2026, 11, 3), reason="辞职")
    bad = list(filing("A2", firm(1), 2, "解除", date(2026, 11, 3), reason="辞职"))
    bad[column] = value
    read = read_delivery(_filings(tmp_path, good, tuple(bad)), "filings")
    assert [row["filing_no"] for row in read.rows] == ["A1"]
    assert [one.row for one in read.refused] == [3]
    assert why in str(read.refused[0])


def test_no_identity_number_is_written_anywhere(db: Session, tmp_path: Path) -> None:
    file = _filings(
        tmp_path, filing("A1", firm(1), 1, "用工备案", NOV), filing("A2", firm(1), 2, "错", NOV)
    )
    read = read_delivery(file, "filings")
    batches.apply(db, read, "王")
    everything = (
        str(read.rows) + str(read.refused) + str(db.execute(select(EmploymentFiling)).all())
    )
    everything += str([tuple(row) for row in db.execute(select(EmploymentFiling.__table__))])
    for who in (1, 2):
        assert filing("", "", who, "", NOV)[2] not in everything


def test_without_a_key_no_filing_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIUYE_WARNING_KEY")
    settings.cache_clear()
    with pytest.raises(BatchError, match="JIUYE_WARNING_KEY"):
        read_delivery(_filings(tmp_path, filing("A1", firm(1), 1, "用工备案", NOV)), "filings")


def test_a_file_without_a_header_that_is_known_is_refused_whole(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "x.csv", ("甲", "乙"), [("1", "2")])
    with pytest.raises(PostingFileError, match=r"x\.csv"):
        read_delivery(file, "filings")


def test_the_preview_counts_corrections_and_revoked_numbers_that_nobody_filed(
    db: Session, tmp_path: Path
) -> None:
    first = _filings(tmp_path, filing("A1", firm(1), 1, "用工备案", NOV))
    batches.apply(db, read_delivery(first, "filings"), "王")
    again = _filings(
        tmp_path, filing("A1", firm(1), 1, "用工备案", date(2026, 11, 2)), filing("A7", firm(1), 2, "撤销", NOV),
        filing("A8", firm(1), 3, "用工备案", NOV), name="更正.csv",
    )  # fmt: skip
    shown = batches.preview(db, read_delivery(again, "filings"))
    assert (shown.new, shown.corrected, shown.unmatched) == (2, 1, ("A7",))


def test_what_is_undone_counts_no_more_from_then_on_and_still_before(
    db: Session, tmp_path: Path
) -> None:
    file = _filings(tmp_path, filing("A1", firm(1), 1, "用工备案", NOV))
    batch = batches.apply(db, read_delivery(file, "filings"), "王")

    def known(day: date) -> list[int]:
        with clock.frozen(day):
            return list(db.scalars(select(WarningBatch.id).where(batches.live())))

    with pytest.raises(BatchError, match="已经导入过"):
        batches.apply(db, read_delivery(file, "filings"), "王")
    with clock.frozen(date(2026, 12, 20)):
        batches.undo(db, batch.id, "李")
        with pytest.raises(BatchError, match="已经撤回"):
            batches.undo(db, batch.id, "李")
    assert known(date(2026, 12, 9)) == []
    assert known(date(2026, 12, 15)) == [batch.id]
    assert known(date(2026, 12, 21)) == []
    assert db.scalar(select(func.count()).select_from(EmploymentFiling)) == 1
    with clock.frozen(date(2026, 12, 22)):
        again = batches.apply(db, read_delivery(file, "filings"), "王")
    assert known(date(2026, 12, 23)) == [again.id]


def test_counts_of_a_month_stand_in_one_row_with_many_measures(db: Session, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path / "月报.csv",
        ("统计月份", "地区", "期末登记失业人数（人）", "本月新增", "再就业人数", "备注"),
        [
            ("2026年11月", "沈阳市大东区", "1,203", "88", "40", "补"),
            ("202611", "和平区", "", "", "", ""),
            ("2027-01", "210102", "3", "", "", ""),
        ],
        encoding="gb18030",
    )
    read = read_delivery(file, "counts")
    assert [one.reason for one in read.refused] == ["没有一个认得的数", "2027年01月还没到"]
    assert read.unread == {"备注"}
    batches.apply(db, read, "王")
    rows = db.execute(select(MonthlyCount.measure, MonthlyCount.value, MonthlyCount.district)).all()
    assert sorted(rows) == [
        ("inflow", 88, "210104"),
        ("reemployed", 40, "210104"),
        ("registered_unemployed", 1203, "210104"),
    ]


def test_completeness_tells_silence_from_an_office_that_says_nothing_happened(
    db: Session, tmp_path: Path
) -> None:
    file = _filings(tmp_path, filing("A1", firm(1), 1, "用工备案", NOV))
    batches.apply(db, read_delivery(file, "filings"), "王", covers=[("210104", NOV)])
    assert batches.completeness(db, "filings", NOV, ["210102", "210104", "210106"]) == {
        "210102": False, "210104": True, "210106": True,
    }  # fmt: skip
