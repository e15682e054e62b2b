"""Queue of drafts in SQLite: filled while a file is read, written by batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.models.imports import is_under_way
from bot.db.tables import PostingBatch, PostingImport
from bot.postings.ingest.parse_batches import pack, unpack
from bot.postings.ingest.parser import Draft


def is_writing(db: Session) -> bool:
    """Tell whether an import was read to its end and not yet written to it."""
    return db.scalar(select(PostingImport.phase)) == "writing"


def writing_since(db: Session) -> datetime | None:
    """Return when the import that is being written began to be."""
    return db.scalar(select(PostingImport.since))


def add(db: Session, drafts: Mapping[tuple[str, str], Draft]) -> None:
    """Let drafts wait; with the first the import begins."""
    if not is_under_way(db):
        db.execute(insert(PostingImport).values(id=1, phase="reading"))
    number = (db.scalar(select(func.max(PostingBatch.number))) or 0) + 1
    values = {"number": number, "drafts": pack(drafts), "staged_at": clock.now()}
    db.execute(insert(PostingBatch).values(values))


def begin_writing(db: Session, shown_up_to: int, now: datetime) -> bool:
    """Note that all is read: from now on it is written, whatever happens. False: nothing waits."""
    posting_import = db.get(PostingImport, 1)
    if posting_import is None:
        return False
    posting_import.phase, posting_import.shown_up_to, posting_import.since = (
        "writing",
        shown_up_to,
        now,
    )
    return True


def take_batch(db: Session) -> dict[tuple[str, str], Draft]:
    """Take the next batch out, in the order of coming; empty: there is none.

    The deletion comes first, so that this transaction is the writer for all that it reads.
    """
    number = db.scalar(select(func.min(PostingBatch.number)))
    if number is None:
        return {}
    is_batch = PostingBatch.number == number
    packed = db.scalar(select(PostingBatch.drafts).where(is_batch))
    db.execute(delete(PostingBatch).where(is_batch))
    return dict(unpack(packed)) if packed else {}


def end(db: Session) -> None:
    """Show what was written."""
    db.execute(delete(PostingImport))


def drop_unread(db: Session) -> None:
    """Drop what waits of an import that was not read to its end."""
    if is_under_way(db) and not is_writing(db):
        db.execute(delete(PostingBatch))
        db.execute(delete(PostingImport))
