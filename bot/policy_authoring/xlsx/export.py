"""Write the policy base as a spreadsheet for review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.policies.policy_file import PolicyFile
from bot.policy_authoring.xlsx.sheets import (
    AS_EXPORTED,
    REMARK,
    SHEETS,
    PolicySheet,
    PolicySheetRow,
    rows,
)
from bot.wording import wording

_READ_ONLY = PatternFill("solid", fgColor="EEEEEE")
_SAY = wording("policy_workbook")
#: The sentences of the guide, a row each.
_GUIDE = ("how_to_review", "how_to_change_text", "no_new_rows", "how_to_return")


def export(policies: Sequence[PolicyFile], file: Path) -> int:
    """Write all answers, figures and sources to an .xlsx file; return the number of answers.

    Raises ValueError for another kind of file.
    """
    if file.suffix != ".xlsx":
        raise ValueError(f"{file.name}: is no .xlsx file")
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)  # a new workbook has one sheet
    guide.title = "说明"
    guide.column_dimensions["A"].width = 110
    for name in _GUIDE:
        guide.append([_SAY(name)])
    every = list(rows(policies))
    for sheet in SHEETS:
        own = [row for row in every if row.sheet is sheet]
        _fill(book.create_sheet(sheet.title), sheet, own)
    _as_exported(book.create_sheet(AS_EXPORTED), every)
    book.save(file)
    return sum(row.sheet is SHEETS[0] for row in every)


def _fill(page: Worksheet, sheet: PolicySheet, own: Iterable[PolicySheetRow]) -> None:
    _write(page, sheet.header)
    for row in own:
        _write(page, (*row.key, *row.cells, ""))
    for cell in page[1]:
        cell.font = Font(bold=True)
    editable = {column.title for column in sheet.columns if column.field} | {REMARK}
    widths = {column.title: column.width for column in sheet.columns} | {REMARK: 30}
    for number, title in enumerate(sheet.header, 1):
        page.column_dimensions[get_column_letter(number)].width = widths.get(title, 14)
        for cell in next(page.iter_cols(number, number, 2), ()):
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if title not in editable:
                cell.fill = _READ_ONLY
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions


def _as_exported(page: Worksheet, every: Iterable[PolicySheetRow]) -> None:
    """Keep the exported texts, to tell a reviewer's change from a later change of the files."""
    for row in every:
        _write(page, (row.sheet.title, *row.key, *row.cells))
    page.sheet_state = "hidden"


def _write(page: Worksheet, texts: Iterable[str]) -> None:
    page.append(list(texts))
    for cell in page[page.max_row]:
        if cell.data_type == "f":  # a text that begins with = is no formula
            cell.data_type = "s"
