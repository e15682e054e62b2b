"""The policy base through a spreadsheet and back: only what was changed changes, or nothing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.policies.errors import SheetErrors
from bot.policies.validate import read_folder
from bot.policy_authoring.xlsx.apply import PolicyImportReport, apply_workbook
from bot.policy_authoring.xlsx.export import export
from bot.policy_authoring.xlsx.sheets import AS_EXPORTED, REMARK, SHEETS
from tests.policies.conftest import POLICIES, WRITTEN, Folder
from tests.profiles import size

#: A cell to write: sheet, title of its column, the row's entry (its version and name), the text.
Cell = tuple[str, str, tuple[str, str], Any]
Review = Callable[..., PolicyImportReport]


@pytest.fixture
def review(folder: Folder, tmp_path: Path) -> Review:
    """Export a folder of one policy, change cells as a colleague would, and take it back."""
    place = folder()

    def made(*cells: Cell, meanwhile: tuple[str, str] | None = None) -> PolicyImportReport:
        file = tmp_path / "review.xlsx"
        export(read_folder(place), file)
        book = load_workbook(file)
        for sheet, column, entry, text in cells:
            page = book[sheet]
            header = [cell.value for cell in page[1]]
            row = next(row for row in page.iter_rows(2) if (row[1].value, row[3].value) == entry)
            row[header.index(column)].value = text
        book.save(file)
        if meanwhile:
            now = (place / "loan.yml").read_text(encoding="utf-8")
            assert meanwhile[0] in now
            (place / "loan.yml").write_text(now.replace(*meanwhile, 1), encoding="utf-8")
        return apply_workbook(file, place)

    return made


def _written(tmp_path: Path) -> str:
    return (tmp_path / "loan.yml").read_text(encoding="utf-8")


HOW, AMOUNT = ("2025-01-01", "how"), ("2025-01-01", "amount")
MOST, DOC = ("2025-01-01", "max_amount"), ("2025-01-01", "doc")
TEXT = "原文（改这里）"


def _real_files() -> list[Path]:
    """Return the project's policy files, the topics among them: every fourth, or all at night."""
    policies = sorted(path for path in POLICIES.glob("*.yml") if path.name != "topics.yml")
    return [POLICIES / "topics.yml", *policies[:: size(4, 1)]]


def test_all_policies_come_back_from_a_spreadsheet_as_they_were(tmp_path: Path) -> None:
    before = {}
    for path in _real_files():
        before[path.name] = path.read_bytes()
        (tmp_path / path.name).write_bytes(before[path.name])
    answers = export(read_folder(tmp_path), tmp_path / "all.xlsx")
    assert answers > size(50, 200)
    report = apply_workbook(tmp_path / "all.xlsx", tmp_path)
    assert (report.changed, report.files, report.remarks) == (0, (), ())
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.yml")} == before


def test_an_edit_of_any_real_file_changes_that_line_alone(tmp_path: Path) -> None:
    real = _real_files()
    for path in real:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    export(read_folder(tmp_path), tmp_path / "all.xlsx")
    book = load_workbook(tmp_path / "all.xlsx")
    page = book["答案"]
    header = [cell.value for cell in page[1]]
    files = set()
    for row in page.iter_rows(2):
        if row[0].value not in files:
            files.add(row[0].value)
            row[header.index(TEXT)].value += "好。"
    book.save(tmp_path / "all.xlsx")
    report = apply_workbook(tmp_path / "all.xlsx", tmp_path)
    assert set(report.files) == files == {path.name for path in real} - {"topics.yml"}
    for name in files:
        old = (POLICIES / name).read_text(encoding="utf-8").splitlines()
        new = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        assert [b.rstrip("'\"") for _, b in changed] == [
            a.rstrip("'\"") + "好。" for a, _ in changed
        ]
        assert len(changed) == 1, name


@pytest.mark.parametrize(
    ("cell", "old", "new"),
    [
        (("答案", TEXT, HOW, "上网申请。"), "text: 到窗口申请。", "text: 上网申请。"),
        (("数字", "数值", MOST, 310000), "value: '300000'", "value: '310000'"),
        (("数字", "怎么说", MOST, "31万元"), "text: 30万元", "text: 31万元"),
        (("来源", "发文日期", DOC, "2025-02-01"), "dated: 2025-01-01", "dated: 2025-02-01"),
        (("来源", "文号", DOC, ""), "number: 某〔2025〕1号, ", ""),
        (("来源", "条款", DOC, "第三条"), "grade: A}", "grade: A, article: 第三条}"),
        (("来源", "等级", DOC, "B2"), "grade: A", "grade: B2"),
    ],
)
def test_one_changed_cell_changes_one_field(
    review: Review, tmp_path: Path, cell: Cell, old: str, new: str
) -> None:
    report = review(cell)
    assert (report.changed, report.files) == (1, ("loan.yml",))
    assert _written(tmp_path) == WRITTEN.replace(old, new, 1)


def test_comments_and_order_stay(review: Review, tmp_path: Path) -> None:
    comment = "      how:  # 窗口的人说的\n"
    review(("答案", TEXT, AMOUNT, "最多能贷{max_amount}。"), meanwhile=("      how:\n", comment))
    expected = WRITTEN.replace("最高能贷", "最多能贷", 1).replace("      how:\n", comment, 1)
    assert _written(tmp_path) == expected


@pytest.mark.parametrize(
    ("cell", "row", "reason"),
    [
        (("答案", TEXT, HOW, "最高贷30万元。"), 3, "'30万元' is written out"),
        (("答案", TEXT, HOW, ""), 3, "is missing"),
        (("答案", TEXT, HOW, "贷{nothing}。"), 3, "is no figure"),
        (("答案", TEXT, HOW, "先登记\n再申请。"), 3, "has a line break"),
        (("答案", "来源简称", HOW, "nix"), 3, "'nix' is no source"),
        (("答案", "大家看到的（只看，不改）", HOW, "上网。"), 3, "read only"),
        (("答案", "方面", HOW, "where"), 3, "new entries are written in the files"),
        (("答案", "版本起", HOW, "2024-01-01"), 3, "new entries are written in the files"),
        (("答案", "方面", HOW, "amount"), 3, "stands here twice"),
        (("数字", "来源简称", MOST, "nix"), 2, "no source"),
        (("数字", "怎么说", MOST, ""), 2, "is missing"),
        (("来源", "等级", DOC, "D"), 2, "what is not verified is not said"),
        (("来源", "发文日期", DOC, "去年"), 2, "is no date"),
        (("来源", "发布机关", DOC, ""), 2, "is missing"),
    ],
)
def test_a_refused_change_names_its_cell_and_changes_nothing(
    review: Review, tmp_path: Path, cell: Cell, row: int, reason: str
) -> None:
    good: Cell = ("答案", TEXT, AMOUNT, "最多能贷{max_amount}。")
    with pytest.raises(SheetErrors) as refused:
        review(good, cell)
    (fault,) = refused.value.faults
    column = {"版本起": "方面"}.get(cell[1], cell[1])
    assert (fault.sheet, fault.row, fault.column) == (cell[0], row, column)
    assert reason in str(fault)
    assert _written(tmp_path) == WRITTEN


def test_what_was_changed_in_the_file_meanwhile_is_not_undone(
    review: Review, tmp_path: Path
) -> None:
    other = ("到窗口申请。", "到街道申请。")
    review(("答案", TEXT, AMOUNT, "最多能贷{max_amount}。"), meanwhile=other)
    assert _written(tmp_path) == WRITTEN.replace("最高能贷", "最多能贷", 1).replace(*other, 1)


def test_one_text_changed_on_both_sides_is_refused(review: Review) -> None:
    with pytest.raises(SheetErrors, match="changed in the file since the export"):
        review(("答案", TEXT, HOW, "上网申请。"), meanwhile=("到窗口申请。", "到街道申请。"))


def test_remarks_are_told_with_their_place_and_change_nothing(
    review: Review, tmp_path: Path
) -> None:
    report = review(("答案", REMARK, HOW, "窗口已经搬了"))
    assert report.remarks == ("答案, row 3, loan.yml 2025-01-01 210000 how: 窗口已经搬了",)
    assert _written(tmp_path) == WRITTEN


def test_rows_may_be_sorted_and_left_out(review: Review, folder: Folder, tmp_path: Path) -> None:
    file = tmp_path / "some.xlsx"
    export(read_folder(tmp_path), file)
    book = load_workbook(file)
    page = book["答案"]
    page.delete_rows(2)
    rows = [[cell.value for cell in row] for row in page.iter_rows(2)]
    page.delete_rows(2, page.max_row)
    for row in reversed(rows):
        page.append([*row[:8], row[8].replace("窗口", "街道"), *row[9:]])
    book.save(file)
    assert apply_workbook(file, tmp_path).changed == 1
    assert _written(tmp_path) == WRITTEN.replace("到窗口", "到街道")


def test_a_text_that_begins_like_a_formula_is_written_as_text(
    folder: Folder, tmp_path: Path
) -> None:
    place = folder("到窗口申请。", "=HYPERLINK(1)")
    export(read_folder(place), tmp_path / "f.xlsx")
    page = load_workbook(tmp_path / "f.xlsx")["答案"]
    cells = [cell for row in page.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def _broken(tmp_path: Path, kind: str) -> Path:
    file = tmp_path / "x.xlsx"
    if kind == "text":
        file.write_text("no spreadsheet", encoding="utf-8")
    elif kind == "zip":
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr("a", "b")
    elif kind == "bomb":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"0" * 60_000_000)
    elif kind == "damaged":
        export(read_folder(tmp_path), file)
        with zipfile.ZipFile(file) as packed:
            part = packed.getinfo("xl/worksheets/sheet2.xml")
        content = bytearray(file.read_bytes())
        middle = part.header_offset + 30 + len(part.filename) + part.compress_size // 2
        content[middle : middle + 8] = b"\xff" * 8
        file.write_bytes(content)
    elif kind != "absent":
        export(read_folder(tmp_path), file)
        book = load_workbook(file)
        if kind == "column":
            book["数字"].delete_cols(7)
        else:
            del book[AS_EXPORTED if kind == "exported" else "来源"]
        book.save(file)
    return file


@pytest.mark.parametrize(
    ("kind", "reason"),
    {
        "text": "is no spreadsheet", "zip": "is no spreadsheet", "bomb": "too large",
        "damaged": "is cut off or broken",
        "absent": "is no spreadsheet", "column": "数字, row 1, 数值: the column is missing",
        "sheet": "来源: the sheet is missing", "exported": f"{AS_EXPORTED}: the sheet is missing",
    }.items(),
)  # fmt: skip
def test_what_is_no_exported_spreadsheet_is_refused_with_a_reason(
    folder: Folder, tmp_path: Path, kind: str, reason: str
) -> None:
    folder()
    with pytest.raises(SheetErrors, match=reason.replace("(", "\\(")):
        apply_workbook(_broken(tmp_path, kind), tmp_path)


def test_every_sheet_has_a_column_for_remarks_and_shows_grades(
    folder: Folder, tmp_path: Path
) -> None:
    export(read_folder(folder()), tmp_path / "f.xlsx")
    book = load_workbook(tmp_path / "f.xlsx")
    for sheet in SHEETS:
        assert [cell.value for cell in book[sheet.title][1]][-1] == REMARK
    answers = [[cell.value for cell in row] for row in book["答案"].iter_rows(2)]
    assert "最高能贷30万元。" in answers[0]
    assert "最高能贷{max_amount}。" in answers[0]
    assert "A 某文件某〔2025〕1号" in answers[0]
    assert book[AS_EXPORTED].sheet_state == "hidden"


def test_no_other_kind_of_file_is_written(folder: Folder, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"is no \.xlsx file"):
        export(read_folder(folder()), tmp_path / "f.csv")
