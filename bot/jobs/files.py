"""Rows of postings from files: JSONL (also gzipped), CSV and XLSX, as they come."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from bot.jobs.errors import PostingFileError

Row = dict[str, Any]


def rows(file: Path) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a file with their numbers, as a person would count them.

    Raises PostingFileError when the file cannot be read to its end.
    """
    if not file.is_file():
        raise PostingFileError(file, None, "there is no such file")
    name = file.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".json.gz")):
        return _jsonl(file)
    if name.endswith(".csv"):
        return _csv(file)
    if name.endswith((".xlsx", ".xlsm")):
        return _xlsx(file)
    raise PostingFileError(file, None, "is none of .jsonl, .jsonl.gz, .csv, .xlsx")


def _jsonl(file: Path) -> Iterator[tuple[int, Row]]:
    number = 0
    try:
        with _opened(file) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise PostingFileError(file, number, "is no JSON object")
                    yield number, row
    except json.JSONDecodeError as wrong:
        raise PostingFileError(file, number, f"is no JSON ({wrong.msg})") from wrong
    except (EOFError, gzip.BadGzipFile, zlib.error) as wrong:
        raise PostingFileError(file, number + 1, "the gzip is cut off or broken") from wrong
    except UnicodeDecodeError as wrong:
        raise PostingFileError(file, number + 1, "is not UTF-8") from wrong


def _opened(file: Path) -> IO[str]:
    if file.name.lower().endswith(".gz"):
        return gzip.open(file, "rt", encoding="utf-8-sig")
    return file.open(encoding="utf-8-sig")


def _csv(file: Path) -> Iterator[tuple[int, Row]]:
    """Spreadsheets save CSV in GB 18030 on Chinese machines, everything else in UTF-8."""
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as wrong:
            raise PostingFileError(file, None, "is neither UTF-8 nor GB 18030") from wrong
    try:
        for number, row in enumerate(
            csv.DictReader(text.splitlines(keepends=True), strict=True), 2
        ):
            yield number, {k: v for k, v in row.items() if k is not None}
    except csv.Error as wrong:
        raise PostingFileError(file, None, f"is no CSV ({wrong})") from wrong


def _xlsx(file: Path) -> Iterator[tuple[int, Row]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as wrong:
        raise PostingFileError(file, None, "is no spreadsheet that can be opened") from wrong
    try:
        sheet = book.worksheets[0]
        # Some writers store a wrong size, and a read-only sheet would believe it.
        sheet.reset_dimensions()
        lines = sheet.iter_rows(values_only=True)
        header = [str(cell or "").strip() for cell in next(lines, ())]
        if not any(header):
            raise PostingFileError(file, 1, "has no header")
        for number, cells in enumerate(lines, 2):
            if any(cell not in (None, "") for cell in cells):
                yield number, dict(zip(header, cells, strict=False))
    except (BadZipFile, zlib.error, EOFError, SyntaxError) as wrong:
        raise PostingFileError(file, None, "the spreadsheet is cut off or broken") from wrong
    finally:
        book.close()
