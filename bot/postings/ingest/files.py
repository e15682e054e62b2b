"""Rows of posting files: JSON and JSON lines (also gzipped), CSV and XLSX."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from bot.postings.errors import PostingFileError
from bot.postings.ingest import schema_org
from bot.postings.ingest.field_mapping import FieldReader
from bot.postings.ingest.sheets import HeaderReader, Merged, table

Row = dict[str, Any]
#: What a file may unpack to, in bytes; a province's postings of a year are a tenth of it.
MAX_UNPACKED_BYTES = 200 * 2**20
#: Above so many bytes nothing honest packs tighter than this: text comes to a tenth.
_SMALL_FILE_BYTES, _MAX_COMPRESSION_RATIO = 20 * 2**20, 60
#: Characters of one line of JSON: one posting.
_MAX_LINE_LENGTH = 2 * 2**20
_MERGED_CELL = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^<>]{0,100}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)


def rows(
    file: Path, reader: HeaderReader | None = None, skipped: list[str] | None = None
) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a file with their numbers, as a person would count them.

    `reader` knows the headers of tables (default: the common list); the sheets that were left out
    are added to `skipped`, each with the reason. Raises PostingFileError when the file cannot be
    read to its end, or would unpack to more than MAX_UNPACKED_BYTES.
    """
    if not file.is_file():
        raise PostingFileError(file, None, "there is no such file")
    name = file.name.lower()
    if name.endswith((".jsonl", ".jsonl.gz", ".ndjson", ".json.gz")):
        return _jsonl(file)
    if name.endswith(".json"):
        return _json(file)
    reader = reader or FieldReader()
    if name.endswith(".csv"):
        return _csv(file, reader)
    if name.endswith((".xlsx", ".xlsm")):
        return _xlsx(file, reader, [] if skipped is None else skipped)
    raise PostingFileError(file, None, "is none of .json, .jsonl, .jsonl.gz, .csv, .xlsx")


def _jsonl(file: Path) -> Iterator[tuple[int, Row]]:
    number = 0
    try:
        with _opened(file) as lines:
            while line := lines.readline(_MAX_LINE_LENGTH + 1):
                number += 1
                if len(line) > _MAX_LINE_LENGTH:
                    raise PostingFileError(file, number, "is longer than a posting can be")
                if not line.strip():
                    continue
                row = json.loads(line)
                for item in [row] if (listed := schema_org.postings(row)) is None else listed:
                    if not isinstance(item, dict):
                        raise PostingFileError(file, number, "is no JSON object")
                    yield number, item
    except json.JSONDecodeError as wrong:
        raise PostingFileError(file, number, f"is no JSON ({wrong.msg})") from wrong
    except _TooMuchError as wrong:
        raise PostingFileError(file, number + 1, str(wrong)) from wrong
    except (EOFError, gzip.BadGzipFile, zlib.error) as wrong:
        raise PostingFileError(file, number + 1, "the gzip is cut off or broken") from wrong
    except UnicodeDecodeError as wrong:
        raise PostingFileError(file, number + 1, "is not UTF-8") from wrong
    except (ValueError, RecursionError) as wrong:
        if isinstance(wrong, PostingFileError):
            raise
        raise PostingFileError(file, number, "is nested too deep or holds no number") from wrong


def _json(file: Path) -> Iterator[tuple[int, Row]]:
    if file.stat().st_size > MAX_UNPACKED_BYTES:
        raise PostingFileError(file, None, "is larger than anybody's postings")
    try:
        value = json.loads(file.read_text("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise PostingFileError(file, None, "is not UTF-8") from wrong
    except (ValueError, RecursionError) as wrong:
        raise PostingFileError(file, None, "is no whole JSON") from wrong
    listed = schema_org.postings(value)
    if listed is None:
        listed = value if isinstance(value, list) else [value]
    for number, row in enumerate(listed, 1):
        if not isinstance(row, dict):
            raise PostingFileError(file, number, "is no JSON object")
        yield number, row


class _TooMuchError(ValueError):
    """A file unpacks to more than it may."""


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED_BYTES or (
        unpacked > _SMALL_FILE_BYTES and unpacked > _MAX_COMPRESSION_RATIO * packed
    ):
        raise _TooMuchError(f"unpacks to more than {unpacked // 2**20} MB, which no postings do")


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a gzip, up to what it may unpack to."""

    def __init__(self, file: Path) -> None:
        self._gzip = gzip.GzipFile(file, "rb")
        self._packed = file.stat().st_size
        self._unpacked = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; raises _TooMuchError beyond the bound."""
        piece = self._gzip.read(len(buffer))
        self._unpacked += len(piece)
        _check_size(self._unpacked, self._packed)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the file."""
        self._gzip.close()
        super().close()


def _opened(file: Path) -> IO[str]:
    if file.name.lower().endswith(".gz"):
        buffered = io.BufferedReader(_Bounded(file), 2**18)
        return io.TextIOWrapper(buffered, encoding="utf-8-sig")
    return file.open(encoding="utf-8-sig")


def _csv(file: Path, reader: HeaderReader) -> Iterator[tuple[int, Row]]:
    """Spreadsheets save CSV in GB 18030 on Chinese machines, everything else in UTF-8."""
    if file.stat().st_size > MAX_UNPACKED_BYTES:
        raise PostingFileError(file, None, "is larger than anybody's postings")
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("gb18030")
        except UnicodeDecodeError as wrong:
            raise PostingFileError(file, None, "is neither UTF-8 nor GB 18030") from wrong
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        numbered = table(lines, reader)
        if numbered is None:
            raise PostingFileError(file, None, "no header is known in its first rows")
        yield from numbered
    except csv.Error as wrong:
        raise PostingFileError(file, None, f"is no CSV ({wrong})") from wrong


def _xlsx(file: Path, reader: HeaderReader, skipped: list[str]) -> Iterator[tuple[int, Row]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(file) as packed:
            _check_size(sum(part.file_size for part in packed.infolist()), file.stat().st_size)
        book = load_workbook(file, read_only=True, data_only=True)
    except _TooMuchError as wrong:
        raise PostingFileError(file, None, str(wrong)) from wrong
    except (
        BadZipFile, InvalidFileException, KeyError, OSError, ValueError, zlib.error, EOFError,
        SyntaxError,
    ) as wrong:  # fmt: skip
        raise PostingFileError(file, None, "is no spreadsheet that can be opened") from wrong
    try:
        read = 0
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                skipped.append(f"{sheet.title}: is hidden")
                continue
            # Some writers store a wrong size, and a read-only sheet would believe it.
            sheet.reset_dimensions()
            part = str(getattr(sheet, "_worksheet_path", ""))  # no public name tells it
            numbered = table(sheet.iter_rows(values_only=True), reader, _merged_ranges(file, part))
            if numbered is None:
                skipped.append(f"{sheet.title}: no header is known")
                continue
            read += 1
            for number, row in numbered:
                row.sheet = sheet.title
                yield number, row
        if not read:
            raise PostingFileError(file, None, f"no header is known ({'; '.join(skipped)})")
    except (BadZipFile, zlib.error, EOFError, SyntaxError) as wrong:
        raise PostingFileError(file, None, "the spreadsheet is cut off or broken") from wrong
    finally:
        book.close()


def _merged_ranges(file: Path, part: str) -> list[Merged]:
    """Return the merged cells of a sheet, which a read-only workbook does not tell of."""
    from openpyxl.utils import column_index_from_string

    ranges: list[Merged] = []
    with ZipFile(file) as packed, packed.open(part) as xml:
        remainder = b""
        while piece := xml.read(2**18):
            text = remainder + piece
            end = 0
            for hit in _MERGED_CELL.finditer(text):
                first, top, last, bottom = hit.groups()
                columns = (column_index_from_string(column.decode()) for column in (first, last))
                ranges.append(Merged(int(top), int(bottom), *columns))
                end = hit.end()
            remainder = text[max(end, len(text) - 200) :]
    return ranges
