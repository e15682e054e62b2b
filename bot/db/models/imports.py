"""Imports of postings on SQLite: how far they are, drafts that wait, postings still hidden.

There the writer is given up between batches. New postings get ids above `shown_up_to` and are shown
all at once, when the last one is written. PostgreSQL imports in one transaction and needs neither.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.db.base import Base
from bot.db.types import Moment

#: Of no import under way: ids of all postings are below it.
ALL = 2**63 - 1
#: The highest id of the postings that are shown, in plain SQL.
SHOWN_UP_TO = f"(select coalesce(max(shown_up_to), {ALL}) from posting_imports)"


class PostingImport(Base):
    """The import that is under way; no row when there is none."""

    __tablename__ = "posting_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    phase: Mapped[str] = mapped_column(String(10))
    """`reading`: what waits is dropped when it is cut off; `writing`: it is written to its end."""
    shown_up_to: Mapped[int | None] = mapped_column(BigInteger)
    """The highest id of a posting from before, once it is `writing`."""
    since: Mapped[Moment | None]
    """When `writing` began."""


class PostingBatch(Base):
    """Drafts that wait to be written."""

    __tablename__ = "posting_batches"

    number: Mapped[int] = mapped_column(primary_key=True)
    drafts: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON, compressed by zlib."""
    staged_at: Mapped[Moment]


def is_under_way(db: Session) -> bool:
    """Tell whether an import has begun and not ended: it runs, or it was cut off."""
    return db.scalar(select(PostingImport.id)) is not None


def is_shown(posting_id: Any) -> ColumnElement[bool]:
    """Return the condition that a posting is of no import that is still being written."""
    newest = select(func.coalesce(func.max(PostingImport.shown_up_to), ALL)).scalar_subquery()
    condition: ColumnElement[bool] = posting_id <= newest
    return condition
