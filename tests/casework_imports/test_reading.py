from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.casework.errors import SheetRefused
from bot.casework.roles import Staff
from bot.casework_imports.preview import preview, rows_of
from tests.casework.sheets import sheet
from tests.casework_imports.sheets import HEADER, ONE, counts, imported


def test_a_number_that_the_sheet_has_rounded_is_refused(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    file = sheet(tmp_path, HEADER, [(1, "张一", 210106198001011010, "", "", "2026-10-08", "")])
    batch = preview(office, clerk, "registrations", file, "x.xlsx")
    (refused,) = rows_of(office, batch, "refused")
    assert "设成文本" in refused.reason


def test_a_file_that_is_no_such_table_is_refused_whole(
    office: Session, clerk: Staff, tmp_path: Path
) -> None:
    with pytest.raises(SheetRefused, match="什么都没有导入"):
        preview(office, clerk, "registrations", sheet(tmp_path, ("甲", "乙"), [(1, 2)]), "x.xlsx")
    text_file = tmp_path / "x.xlsx"
    text_file.write_text("no spreadsheet", encoding="utf-8")
    with pytest.raises(SheetRefused):
        preview(office, clerk, "registrations", text_file, "x.xlsx")


def test_a_csv_in_gb18030_is_read_as_well(office: Session, clerk: Staff, tmp_path: Path) -> None:
    lines = ["姓名,身份证号,登记日期", f"张一,{ONE},20261008"]
    file = tmp_path / "表.csv"
    file.write_bytes("\n".join(lines).encode("gb18030"))
    batch, done = imported(office, clerk, file)
    assert (counts(batch), done) == ((1, 0, 0, 0), 1)
