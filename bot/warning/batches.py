"""Preview, apply and undo files of offices; which batches were known at a moment.

Nothing that was applied is deleted or changed: an undo is a batch that names the one it takes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session, aliased

from bot import clock
from bot.db.base import Base
from bot.db.tables import (
    EmployerRecord,
    EmploymentFiling,
    Headcount,
    MonthlyCount,
    WarningBatch,
    WarningDelivery,
)
from bot.warning.delivered import Delivered
from bot.warning.errors import BatchError
from bot.warning.sheet_rows import Kind
from bot.wording import wording

_SAY = wording("warning")

_TABLES: dict[Kind, type[Base]] = {
    "employers": EmployerRecord, "filings": EmploymentFiling,
    "headcounts": Headcount, "counts": MonthlyCount,
}  # fmt: skip
_MOST = 500


@dataclass(frozen=True)
class Preview:
    """Effect that applying a file would have."""

    delivered: Delivered
    corrected: int
    """Rows that take the place of earlier ones: the same filing number, firm or month."""
    unmatched: tuple[str, ...]
    """Numbers of revoked filings that were never filed."""

    @property
    def new(self) -> int:
        """Return how many rows stand for something that was not there."""
        return len(self.delivered.rows) - self.corrected


def live(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Return the condition that a batch was applied and not undone by a moment (default: now)."""
    moment = as_of or clock.now()
    undo = aliased(WarningBatch)
    undone = select(undo.id).where(undo.undoes == WarningBatch.id, undo.applied_at <= moment)
    return (WarningBatch.applied_at <= moment) & WarningBatch.undoes.is_(None) & ~undone.exists()


def preview(db: Session, delivered: Delivered) -> Preview:
    """Compare a file with the stored data."""
    if delivered.kind != "filings":
        return Preview(delivered, _repeated(db, delivered), ())
    here = {row["filing_no"] for row in delivered.rows if row["kind"] != "revoke"}
    filed = _filed(db, [row["filing_no"] for row in delivered.rows])
    numbers = [row["filing_no"] for row in delivered.rows]
    corrected = sum(number in filed for number in numbers) + len(numbers) - len(set(numbers))
    revoked = {row["filing_no"] for row in delivered.rows if row["kind"] == "revoke"}
    return Preview(delivered, corrected, tuple(sorted(revoked - here - filed)))


def apply(
    db: Session,
    delivered: Delivered,
    staff: str,
    covers: Sequence[tuple[str, date]] = (),
    as_of: datetime | None = None,
) -> WarningBatch:
    """Apply a file; refused rows are left out. `as_of` is when it becomes known (default: now).

    `covers` are districts and months that the office says it has delivered whole, though there may
    be no row. Raises BatchError when it was applied before, or holds nothing.
    """
    same = db.scalar(
        select(WarningBatch.id).where(
            WarningBatch.sha256 == delivered.sha256, WarningBatch.kind == delivered.kind, live()
        )
    )
    if same is not None:
        raise BatchError(_SAY("file_applied_already", file=delivered.file, batch=same))
    if not delivered.rows and not covers:
        raise BatchError(_SAY("file_without_rows", file=delivered.file))
    batch = WarningBatch(
        kind=delivered.kind, file=delivered.file[:200], sha256=delivered.sha256,
        rows=len(delivered.rows), refused=len(delivered.refused), staff=staff,
        applied_at=as_of or clock.now(),
    )  # fmt: skip
    db.add(batch)
    db.flush()
    table: Any = _TABLES[delivered.kind].__table__
    if delivered.rows:
        db.execute(insert(table), [{"batch_id": batch.id, **row} for row in delivered.rows])
    covered = sorted(delivered.covered | set(covers))
    if covered and delivered.kind != "employers":
        deliveries = [
            {"batch_id": batch.id, "district": place, "month": month} for place, month in covered
        ]
        db.execute(insert(WarningDelivery), deliveries)
    return batch


def undo(db: Session, batch_id: int, staff: str) -> WarningBatch:
    """Take a batch back from now on. Raises BatchError when there is none that counts."""
    batch = db.get(WarningBatch, batch_id)
    if batch is None or batch.undoes is not None:
        raise BatchError(_SAY("batch_unknown", batch=batch_id))
    if db.scalar(select(WarningBatch.id).where(WarningBatch.undoes == batch_id)):
        raise BatchError(_SAY("batch_undone_already", batch=batch_id))
    inverse = WarningBatch(
        kind=batch.kind, file=batch.file, sha256=batch.sha256, rows=0, refused=0, staff=staff,
        applied_at=clock.now(), undoes=batch_id,
    )  # fmt: skip
    db.add(inverse)
    db.flush()
    return inverse


def completeness(
    db: Session, kind: Kind, month: date, districts: Sequence[str], as_of: datetime | None = None
) -> dict[str, bool]:
    """Return for each district whether its data of a month had been delivered by a moment."""
    query = (
        select(WarningDelivery.district)
        .join(WarningBatch, WarningBatch.id == WarningDelivery.batch_id)
        .where(WarningBatch.kind == kind, WarningDelivery.month == month, live(as_of))
    )
    delivered = set(db.scalars(query))
    return {item: item in delivered for item in districts}


def _repeated(db: Session, delivered: Delivered) -> int:
    """Count rows with a firm, or a month and place, that is there already."""
    table: Any = _TABLES[delivered.kind].__table__
    names = {
        "employers": ("uscc",), "headcounts": ("uscc", "month"),
        "counts": ("month", "district", "measure"),
    }[delivered.kind]  # fmt: skip
    columns = [table.c[name] for name in names]
    query = select(*columns).join(WarningBatch, WarningBatch.id == table.c.batch_id).where(live())
    stored_rows = {tuple(row) for row in db.execute(query.distinct())}
    return sum(tuple(row[name] for name in names) in stored_rows for row in delivered.rows)


def _filed(db: Session, numbers: Sequence[str]) -> set[str]:
    """Return those of some numbers under which something is filed."""
    result: set[str] = set()
    for start in range(0, len(numbers), _MOST):
        chunk = numbers[start : start + _MOST]
        query = (
            select(EmploymentFiling.filing_no)
            .join(WarningBatch, WarningBatch.id == EmploymentFiling.batch_id)
            .where(EmploymentFiling.filing_no.in_(chunk), live())
        )
        result.update(db.scalars(query))
    return result
