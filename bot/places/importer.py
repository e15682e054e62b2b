"""Importing offices' sheets: preview, import, undo."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.one_import import importing
from bot.db.tables import ListingBatch
from bot.places.changes import (
    EVERYWHERE,
    OUTSIDE,
    TABLES,
    Areas,
    begin_batch,
    columns_of,
    lies_in,
    take_back,
    write_row,
)
from bot.places.sheets import Kind, PlaceSheet, ReadRow, RefusedRow, read_sheet

_CHUNK = 500


@dataclass
class PlaceImportReport:
    """Result of an import, done or tried."""

    kind: Kind
    file: str
    batch: int | None = None
    """None for a preview, and where nothing changed."""
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    """What of rows that were taken was left out: row, reason."""
    unread: Sequence[str] = ()
    skipped: Sequence[str] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "kind": self.kind,
            "file": self.file,
            "batch": self.batch,
            "new": self.new,
            "changed": self.changed,
            "same": self.same,
            "refused": [vars(refusal) for refusal in self.refused],
            "notes": [{"row": row, "reason": reason} for row, reason in self.notes],
            "unread_columns": list(self.unread),
            "skipped_sheets": list(self.skipped),
        }


def preview(url: str, file: Path, kind: Kind, *, demo: bool = False) -> PlaceImportReport:
    """Return what importing a file would do, and write nothing. Raises ListingFileError."""
    sheet = read_sheet(file, kind, demo=demo)
    with importing(url) as db:
        return preview_sheet(db, file, kind, sheet)


def import_file(
    url: str, file: Path, kind: Kind, actor: str, *, demo: bool = False
) -> PlaceImportReport:
    """Import a file in one transaction; rows that cannot be taken are named in the report.

    Raises ListingFileError, then nothing is imported.
    """
    sheet = read_sheet(file, kind, demo=demo)
    with importing(url) as db:
        return apply_sheet(db, file, kind, sheet, actor)


def undo(url: str, number: int, actor: str) -> int:
    """Take an import back; return how many rows. Raises ListingBatchError."""
    with importing(url) as db:
        return take_back(db, number, actor)


def preview_sheet(
    db: Session, file: Path, kind: Kind, sheet: PlaceSheet, areas: Areas = EVERYWHERE
) -> PlaceImportReport:
    """Return what applying a sheet within some areas would do; it is rolled back."""
    inner = db.begin_nested()
    report = apply_sheet(db, file, kind, sheet, "", areas)
    inner.rollback()
    db.expire_all()
    report.batch = None
    return report


def apply_sheet(
    db: Session, file: Path, kind: Kind, sheet: PlaceSheet, actor: str, areas: Areas = EVERYWHERE,
    name: str = "",
) -> PlaceImportReport:  # fmt: skip
    """Write the rows of a sheet that lie in some areas; those of elsewhere are refused.

    `name` is the file's name where it lies under another one.
    """
    report = PlaceImportReport(kind, name or file.name, refused=list(sheet.refused))
    report.unread, report.skipped = sheet.unread, sheet.skipped
    rows_by_key = _stored_rows(db, kind, [row.values["key"] for row in sheet.rows])
    batch: ListingBatch | None = None
    for row in sheet.rows:
        stored = rows_by_key.get(row.values["key"])
        if not _may_write(row, stored, areas):
            report.refused.append(RefusedRow(row.number, "region", OUTSIDE))
            continue
        report.notes += [(row.number, note) for note in row.notes]
        previous = columns_of(stored) if stored is not None else None
        if previous is not None and all(previous[n] == v for n, v in row.values.items()):
            report.same += 1
            continue
        batch = batch or begin_batch(db, kind, report.file, _digest(file), actor)
        report.new += stored is None
        report.changed += stored is not None
        rows_by_key[row.values["key"]] = write_row(db, batch, stored, row.values)
    report.batch = batch.id if batch else None
    db.flush()
    return report


def _stored_rows(db: Session, kind: Kind, keys: Sequence[str]) -> dict[str, Any]:
    """Return the rows that bear some keys."""
    table = TABLES[kind]
    rows_by_key: dict[str, Any] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = db.scalars(select(table).where(table.key.in_(keys[start : start + _CHUNK])))
        rows_by_key |= {row.key: row for row in rows}
    return rows_by_key


def _may_write(row: ReadRow, stored: Any | None, areas: Areas) -> bool:
    codes = [row.values["region_code"], *([stored.region_code] if stored is not None else [])]
    return all(lies_in(code, areas) for code in codes)


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
