"""Read a reviewed spreadsheet: its rows and the texts as they were exported."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from bot.policies.errors import SheetErrors, SheetFault
from bot.policy_authoring.xlsx.sheets import AS_EXPORTED, REMARK, SHEETS, Key, PolicySheet

#: Bytes that a spreadsheet may unpack to; the whole base takes about one million.
MAX_UNPACKED_BYTES = 50_000_000
#: What is raised when a part of it cannot be unpacked or is no XML, at the opening or later.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, SyntaxError)


@dataclass(frozen=True)
class ReturnedRow:
    """A row of a sheet as it came back."""

    sheet: PolicySheet
    number: int
    """As the spreadsheet counts, the header is 1."""
    key: Key
    cells: tuple[str, ...]
    remark: str


@dataclass(frozen=True)
class Workbook:
    """A spreadsheet as it came back."""

    lines: tuple[ReturnedRow, ...]
    exported: dict[tuple[str, Key], tuple[str, ...]]
    """The texts of each row as they were exported, by sheet and key."""


def read(file: Path) -> Workbook:
    """Read a spreadsheet. Raises SheetErrors when it is none, or none that was exported here."""
    _refuse_large(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except _BROKEN as wrong:
        raise SheetErrors(
            [SheetFault(file.name, 0, "", f"is cut off or broken: {wrong}")]
        ) from wrong
    except (InvalidFileException, KeyError, ValueError, OSError) as wrong:
        raise SheetErrors([SheetFault(file.name, 0, "", f"is no spreadsheet: {wrong}")]) from wrong
    missing = [s.title for s in SHEETS if s.title not in book.sheetnames]
    missing += [AS_EXPORTED] * (AS_EXPORTED not in book.sheetnames)
    if missing:
        raise SheetErrors([SheetFault(title, 0, "", "the sheet is missing") for title in missing])
    try:
        lines = [line for sheet in SHEETS for line in _lines(book[sheet.title], sheet)]
        exported = dict(_exported(book[AS_EXPORTED]))
    except _BROKEN as wrong:
        raise SheetErrors(
            [SheetFault(file.name, 0, "", f"is cut off or broken: {wrong}")]
        ) from wrong
    finally:
        book.close()
    return Workbook(tuple(lines), exported)


def _refuse_large(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError) as wrong:
        raise SheetErrors([SheetFault(file.name, 0, "", f"is no spreadsheet: {wrong}")]) from wrong
    if size > MAX_UNPACKED_BYTES:
        raise SheetErrors([SheetFault(file.name, 0, "", f"unpacks to {size} bytes: too large")])


def _lines(page: Any, sheet: PolicySheet) -> Iterator[ReturnedRow]:
    rows = page.iter_rows(values_only=True)
    header = [_text(cell) for cell in next(rows, ())]
    absent = [title for title in sheet.header[:-1] if title not in header]
    if absent:
        raise SheetErrors([SheetFault(sheet.title, 1, t, "the column is missing") for t in absent])
    columns = [header.index(title) for title in sheet.header[:-1]]
    remark = header.index(REMARK) if REMARK in header else None
    for number, row in enumerate(rows, 2):
        texts = [_text(row[place]) if place < len(row) else "" for place in columns]
        remark_text = _text(row[remark]) if remark is not None and remark < len(row) else ""
        if any(texts) or remark_text:
            keys = len(sheet.keys)
            yield ReturnedRow(sheet, number, tuple(texts[:keys]), tuple(texts[keys:]), remark_text)


def _exported(page: Any) -> Iterator[tuple[tuple[str, Key], tuple[str, ...]]]:
    by_title = {sheet.title: sheet for sheet in SHEETS}
    for row in page.iter_rows(values_only=True):
        texts = [_text(cell) for cell in row]
        sheet = by_title.get(texts[0]) if texts else None
        if sheet:
            keys = 1 + len(sheet.keys)
            cells = _padded(texts[keys:], len(sheet.columns))
            yield (sheet.title, tuple(texts[1:keys])), cells


def _padded(texts: Sequence[str], length: int) -> tuple[str, ...]:
    return tuple(texts[:length]) + ("",) * (length - len(texts))


def _text(cell: object) -> str:
    """Return a cell as its text: spreadsheet programs make numbers and dates of what looks so."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
