"""Kinds of sheets, headers of columns and words in cells, from data/vocab/casework_headers.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.casework.errors import SheetRefused
from bot.postings.errors import PostingFileError
from bot.postings.ingest.files import rows
from bot.settings import settings
from bot.text.pattern_file import patterns
from bot.wording import wording
from bot.yaml_files import read_yaml

_SAY = wording("casework_imports")

_PATTERNS = patterns("casework_sheets")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class SheetKind:
    """A kind of sheet; also the reader of its headers (bot.postings.ingest.sheets.HeaderReader)."""

    key: str
    label: str
    essential: str
    needed: tuple[str, ...]
    headers: Mapping[str, str]
    """Field by header."""
    for_all: tuple[str, ...] = ()
    """Fields that a line above the header may state for all rows: none."""

    def field_of(self, header: str) -> str | None:
        """Return the field that a column's header means, None for one that is not known."""
        return self.headers.get(_plain(header))

    def label_of(self, field: str) -> str:
        """Return the first header of a field, for sentences."""
        return next(header for header, name in self.headers.items() if name == field)


@dataclass(frozen=True)
class Words:
    """Words of cells, by the code that they stand for."""

    forbidden_reasons: Mapping[str, tuple[str, ...]]
    exit_reasons: Mapping[str, str]
    """Code by word."""
    hardship_kinds: Mapping[str, str]
    focus_kinds: Mapping[str, str]

    def exit_reason(self, cell: str) -> str | None:
        """Return the code of a reason, of a forbidden one as well; None for one not known."""
        plain = _plain(cell)
        exact_code = self.exit_reasons.get(plain)
        if exact_code is not None:
            return exact_code
        for code, parts in self.forbidden_reasons.items():
            if any(part in plain for part in parts):
                return code
        return None

    def hardship_kind(self, cell: str) -> str | None:
        """Return the code of a kind of hardship; None for one not known."""
        return self.hardship_kinds.get(_plain(cell))

    def focus_kind(self, cell: str) -> str | None:
        """Return the code of a kind of the list of focused help; None for one not known."""
        return self.focus_kinds.get(_plain(cell))


def kinds() -> Mapping[str, SheetKind]:
    """Return all kinds of sheets by key."""
    return _read(settings().data_file("vocab", "casework_headers.yml"))[0]


def words() -> Words:
    """Return the words of cells."""
    return _read(settings().data_file("vocab", "casework_headers.yml"))[1]


def read_sheet(file: Path, kind: SheetKind) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a sheet by field, with their numbers. Raises SheetRefused."""
    skipped: list[str] = []
    try:
        return [(number, _by_field(row, kind)) for number, row in rows(file, kind, skipped)]
    except PostingFileError as wrong:
        position = f"第{wrong.row}行：" if wrong.row else ""
        raise SheetRefused(
            _SAY(
                "sheet_unreadable",
                position=position,
                reason=wrong.reason,
                header=kind.label_of(kind.essential),
            )
        ) from wrong


def text_of(cell: Any) -> str:
    """Return a cell as text; a whole number without its `.0`."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def day_of(cell: Any) -> date | None:
    """Return the day that a cell states: a date, 2026-11-3, 2026年11月3日, 20261103."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = _PATTERNS["date"].fullmatch(text_of(cell)) or _DIGITS.fullmatch(text_of(cell))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _by_field(row: Mapping[str, Any], kind: SheetKind) -> dict[str, Any]:
    fields = ((kind.field_of(header), cell) for header, cell in row.items())
    return {field: cell for field, cell in fields if field}


def _plain(header: str) -> str:
    bare = re.sub(r"[\s*＊:：]", "", header).replace("(", "（").replace(")", "）")
    return _PATTERNS["header_note"].sub("", bare)


@process_cache(size=2)
def _read(file: Path) -> tuple[Mapping[str, SheetKind], Words]:
    content: Any = read_yaml(file)
    sheet_kinds = {}
    for key, entry in content["kinds"].items():
        headers = {
            _plain(header): field for field, texts in entry["fields"].items() for header in texts
        }
        sheet_kinds[key] = SheetKind(
            key, entry["label"], entry["essential"], tuple(entry["needed"]), headers
        )
    by_word = [
        {_plain(word): code for code, texts in content[name].items() for word in texts}
        for name in ("exit_reasons", "hardship_kinds", "focus_kinds")
    ]
    forbidden = {code: tuple(texts) for code, texts in content["forbidden_reasons"].items()}
    return sheet_kinds, Words(forbidden, *by_word)
