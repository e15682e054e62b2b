"""Importing offices' sheets: preview, import, undo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import Base
from bot.db.one_import import importing
from bot.db.tables import (
    Course,
    DirectoryItem,
    Fair,
    FairSignup,
    ListingBatch,
    ListingChange,
    Provider,
    Station,
    SubsidyRate,
)
from bot.places.errors import BatchError
from bot.places.sheets import Kind, Refused, Sheet, read_sheet

TABLES: Mapping[str, type[Any]] = {
    "station": Station,
    "fair": Fair,
    "provider": Provider,
    "course": Course,
    "directory": DirectoryItem,
    "rate": SubsidyRate,
}


@dataclass
class ImportReport:
    """What an import did, or would do."""

    kind: Kind
    file: str
    batch: int | None = None
    """None for a preview, and where nothing changed."""
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: Sequence[Refused] = ()
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
            "refused": [vars(one) for one in self.refused],
            "notes": [{"row": row, "reason": reason} for row, reason in self.notes],
            "unread_columns": list(self.unread),
            "skipped_sheets": list(self.skipped),
        }


def preview(url: str, file: Path, kind: Kind, *, demo: bool = False) -> ImportReport:
    """Return what importing a file would do, and write nothing. Raises ListingFileError."""
    sheet = read_sheet(file, kind, demo=demo)
    with importing(url) as db:
        report = _apply(db, file, kind, sheet, by="")
        db.rollback()
    report.batch = None
    return report


def import_file(url: str, file: Path, kind: Kind, by: str, *, demo: bool = False) -> ImportReport:
    """Import a file in one transaction; rows that cannot be taken are named in the report.

    Raises ListingFileError, then nothing is imported.
    """
    sheet = read_sheet(file, kind, demo=demo)
    with importing(url) as db:
        return _apply(db, file, kind, sheet, by)


def _apply(db: Session, file: Path, kind: Kind, sheet: Sheet, by: str) -> ImportReport:
    report = ImportReport(kind, file.name, refused=list(sheet.refused))
    report.unread, report.skipped = sheet.unread, sheet.skipped
    table = TABLES[kind]
    keys = [row.values["key"] for row in sheet.rows]
    there: dict[str, Any] = {}
    for start in range(0, len(keys), 500):
        found = db.scalars(select(table).where(table.key.in_(keys[start : start + 500])))
        there |= {one.key: one for one in found}
    batch: ListingBatch | None = None
    for row in sheet.rows:
        report.notes += [(row.number, note) for note in row.notes]
        known = there.get(row.values["key"])
        before = _columns(known) if known is not None else None
        if before is not None and all(before[n] == v for n, v in row.values.items()):
            report.same += 1
            continue
        batch = batch or _begin(db, file, kind, by)
        if known is None:
            known = there[row.values["key"]] = table(**row.values)
            db.add(known)
            report.new += 1
        else:
            for name, value in row.values.items():
                setattr(known, name, value)
            report.changed += 1
        db.flush()
        change = ListingChange(batch_id=batch.id, kind=kind, row_id=known.id)
        change.before = _written(before) if before else None
        db.add(change)
    report.batch = batch.id if batch else None
    db.flush()
    return report


def _begin(db: Session, file: Path, kind: Kind, by: str) -> ListingBatch:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    batch = ListingBatch(
        kind=kind,
        file=file.name[:200],
        sha256=digest,
        imported_by=by[:40],
        imported_at=clock.now(),
    )
    db.add(batch)
    db.flush()
    return batch


def undo(url: str, number: int, by: str) -> int:
    """Take an import back: rows get what stood before, new ones go; return how many rows.

    A fair that somebody wishes to go to is cancelled instead, so that he is told. Raises
    BatchError when the import is unknown, undone, or a later one has changed its rows.
    """
    with importing(url) as db:
        batch = db.get(ListingBatch, number)
        if batch is None:
            raise BatchError(f"there is no import {number}")
        if batch.undone_at is not None:
            raise BatchError(f"import {number} is undone already")
        of_batch = select(ListingChange).where(ListingChange.batch_id == number)
        changes = db.scalars(of_batch.order_by(ListingChange.id.desc())).all()
        _refuse_changed(db, batch, changes)
        for change in changes:
            _take_back(db, change)
        batch.undone_by, batch.undone_at = by[:40], clock.now()
        return len(changes)


def _refuse_changed(db: Session, batch: ListingBatch, changes: Sequence[ListingChange]) -> None:
    ids = [one.row_id for one in changes]
    for start in range(0, len(ids), 500):
        later = db.scalar(
            select(ListingBatch.id)
            .join(ListingChange, ListingChange.batch_id == ListingBatch.id)
            .where(
                ListingBatch.id > batch.id,
                ListingBatch.undone_at.is_(None),
                ListingChange.kind == batch.kind,
                ListingChange.row_id.in_(ids[start : start + 500]),
            )
            .limit(1)
        )
        if later is not None:
            raise BatchError(f"import {later} has changed rows of import {batch.id}: undo it first")


def _take_back(db: Session, change: ListingChange) -> None:
    table = TABLES[change.kind]
    row = db.get(table, change.row_id)
    if row is None:
        return
    if change.before is not None:
        for name, value in _read(table, change.before).items():
            setattr(row, name, value)
    elif change.kind == "fair" and _is_signed_up(db, row.id):
        row.state = "cancelled"
    else:
        db.delete(row)
    db.flush()


def _is_signed_up(db: Session, fair: int) -> bool:
    signed = select(FairSignup.id).where(FairSignup.fair_id == fair).limit(1)
    return db.scalar(signed) is not None


def _columns(row: Base) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name != "id"}


def _written(columns: Mapping[str, Any]) -> str:
    plain = {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in columns.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def _read(table: type[Any], text: str) -> dict[str, Any]:
    """Return the columns of a row as they were."""
    found: dict[str, Any] = {}
    for name, value in json.loads(text).items():
        kind = table.__table__.columns[name].type.python_type
        if isinstance(value, str) and kind in (date, datetime):
            value = kind.fromisoformat(value)
        found[name] = value
    return found


def batches(db: Session, limit: int = 50) -> Sequence[ListingBatch]:
    """Return the latest imports, newest first."""
    return db.scalars(select(ListingBatch).order_by(ListingBatch.id.desc()).limit(limit)).all()
