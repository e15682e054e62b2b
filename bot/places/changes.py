"""Changes of listings, kept in batches: a sheet, or one row by hand; each can be taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.base import Base
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
from bot.places.errors import ListingBatchError
from bot.places.sheets import Kind
from bot.wording import wording

_SAY = wording("listings")

TABLES: Mapping[str, type[Any]] = {
    "station": Station,
    "fair": Fair,
    "provider": Provider,
    "course": Course,
    "directory": DirectoryItem,
    "rate": SubsidyRate,
}
#: Leading digits of the regions that may be changed; `EVERYWHERE` of the command line.
Areas = Sequence[str]
EVERYWHERE: Areas = ("",)
OUTSIDE = _SAY("outside_areas")
_CHUNK = 500


def lies_in(region_code: str, areas: Areas) -> bool:
    """Tell whether a region lies in one of some areas."""
    return any(region_code.startswith(area) for area in areas)


def begin_batch(db: Session, kind: Kind, file: str, sha256: str, actor: str) -> ListingBatch:
    """Begin a batch of changes."""
    batch = ListingBatch(
        kind=kind, file=file[:200], sha256=sha256, imported_by=actor[:40], imported_at=clock.now()
    )
    db.add(batch)
    db.flush()
    return batch


def write_row(db: Session, batch: ListingBatch, row: Any | None, values: Mapping[str, Any]) -> Any:
    """Write the columns of a row (a new one without `row`) and note what stood there before."""
    previous = columns_of(row) if row is not None else None
    if row is None:
        row = TABLES[batch.kind](**values)
        db.add(row)
    else:
        for name, value in values.items():
            setattr(row, name, value)
    db.flush()
    change = ListingChange(batch_id=batch.id, kind=batch.kind, row_id=row.id)
    change.before = _written(previous) if previous else None
    db.add(change)
    return row


def columns_of(row: Base) -> dict[str, Any]:
    """Return the columns of a row without its number."""
    return {c.name: getattr(row, c.name) for c in row.__table__.columns if c.name != "id"}


def take_back(db: Session, number: int, actor: str, areas: Areas = EVERYWHERE) -> int:
    """Take a batch back: rows get what stood before, new ones go; return how many rows.

    A fair that seekers wish to go to is cancelled instead, so that they are told. Raises
    ListingBatchError when the batch is unknown, undone, of other areas, or a later one changed its
    rows.
    """
    batch = db.get(ListingBatch, number)
    if batch is None:
        raise ListingBatchError(_SAY("batch_unknown", number=number))
    if batch.undone_at is not None:
        raise ListingBatchError(_SAY("batch_undone_already", number=number))
    of_batch = select(ListingChange).where(ListingChange.batch_id == number)
    changes = db.scalars(of_batch.order_by(ListingChange.id.desc())).all()
    if not all(_is_within(db, listed_change, areas) for listed_change in changes):
        raise ListingBatchError(_SAY("batch_outside_areas", number=number, outside=OUTSIDE))
    _refuse_changed(db, batch, changes)
    for change in changes:
        _restore(db, change)
    batch.undone_by, batch.undone_at = actor[:40], clock.now()
    db.flush()
    return len(changes)


def _is_within(db: Session, change: ListingChange, areas: Areas) -> bool:
    """Tell whether a change concerns these areas alone, before and after."""
    if "" in areas:
        return True
    row = db.get(TABLES[change.kind], change.row_id)
    codes = [row.region_code] if row is not None else []
    codes += [json.loads(change.before)["region_code"]] if change.before else []
    return all(lies_in(code, areas) for code in codes)


def _refuse_changed(db: Session, batch: ListingBatch, changes: Sequence[ListingChange]) -> None:
    ids = [change.row_id for change in changes]
    for start in range(0, len(ids), _CHUNK):
        later = db.scalar(
            select(ListingBatch.id)
            .join(ListingChange, ListingChange.batch_id == ListingBatch.id)
            .where(
                ListingBatch.id > batch.id,
                ListingBatch.undone_at.is_(None),
                ListingChange.kind == batch.kind,
                ListingChange.row_id.in_(ids[start : start + _CHUNK]),
            )
            .limit(1)
        )
        if later is not None:
            raise ListingBatchError(_SAY("batch_changed_later", later=later, number=batch.id))


def _restore(db: Session, change: ListingChange) -> None:
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


def _written(columns: Mapping[str, Any]) -> str:
    plain = {
        name: value.isoformat() if isinstance(value, (date, datetime)) else value
        for name, value in columns.items()
    }
    return json.dumps(plain, ensure_ascii=False)


def _read(table: type[Any], text: str) -> dict[str, Any]:
    """Return the columns of a row as they were."""
    columns: dict[str, Any] = {}
    for name, value in json.loads(text).items():
        kind = table.__table__.columns[name].type.python_type
        if isinstance(value, str) and kind in (date, datetime):
            value = kind.fromisoformat(value)
        columns[name] = value
    return columns


def batches(db: Session, limit: int = 50) -> Sequence[ListingBatch]:
    """Return the latest batches, newest first."""
    return db.scalars(select(ListingBatch).order_by(ListingBatch.id.desc()).limit(limit)).all()


def batches_within(
    db: Session, kind: Kind, condition: ColumnElement[bool], actor: str, limit: int = 50
) -> Sequence[ListingBatch]:
    """Return the latest batches of a kind with all rows meeting a condition, and one's own."""
    table = TABLES[kind]

    def has(row_condition: ColumnElement[bool]) -> ColumnElement[bool]:
        changes = select(ListingChange.id).join(table, table.id == ListingChange.row_id)
        return exists(changes.where(ListingChange.batch_id == ListingBatch.id, row_condition))

    theirs = and_(has(condition), not_(has(not_(condition))))
    query = select(ListingBatch).where(
        ListingBatch.kind == kind, or_(ListingBatch.imported_by == actor, theirs)
    )
    return db.scalars(query.order_by(ListingBatch.id.desc()).limit(limit)).all()


def history(db: Session, kind: Kind, row_id: int) -> Sequence[ListingBatch]:
    """Return the batches that changed a row, newest first."""
    query = (
        select(ListingBatch)
        .join(ListingChange, ListingChange.batch_id == ListingBatch.id)
        .where(ListingChange.kind == kind, ListingChange.row_id == row_id)
        .order_by(ListingBatch.id.desc())
    )
    return db.scalars(query).all()
