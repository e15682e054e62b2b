"""The tables of a report as a workbook, with definitions and what its marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bot.monthly_reports import layout
from bot.monthly_reports.content import MonthReport

#: Widest column, in characters of half width.
_WIDEST = 60


def workbook(report: MonthReport) -> bytes:
    """Return the tables as a .xlsx file."""
    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for table in (
        layout.main_table(report), layout.district_table(report), layout.rank_table(report),
        layout.firm_table(report), layout.measure_table(report),
        layout.indicator_table(report), layout.definition_table(report),
    ):  # fmt: skip
        _sheet(book, table)
    notes = [[layout.title(report)], [report.headline], [layout.legend(report)]]
    notes += [[item] for item in report.data_notes]
    _sheet(book, layout.Table("说明", ["说明"], notes))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Any, table: layout.Table) -> None:
    sheet = book.create_sheet(table.title)
    sheet.append(list(table.head))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in table.rows:
        sheet.append([_cell(text, index in table.figures) for index, text in enumerate(row)])
    for index in table.figures:
        for (cell,) in sheet.iter_rows(min_row=2, min_col=index + 1, max_col=index + 1):
            cell.alignment = Alignment(horizontal="right")
    sheet.freeze_panes = "A2"
    for index in range(len(table.head)):
        texts = [table.head[index], *(row[index] for row in table.rows)]
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(texts)


def _cell(text: str, is_figure: bool) -> str | int | float:
    """Return a figure as a number, so that sheets can add it up; text never begins a formula."""
    if is_figure:
        plain = text.replace(",", "")
        try:
            return int(plain)
        except ValueError:
            return text if not text.startswith(("=", "+", "-", "@")) else f"'{text}"
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _width(texts: Sequence[str]) -> float:
    """Return a column's width: Chinese takes two of Latin."""
    return min(_WIDEST, max(map(layout.text_width, texts)) + 2)
