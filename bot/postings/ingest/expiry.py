"""Close postings that are too old to be shown."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.db.tables import Posting


def expire(db: Session, oldest_day: date) -> int:
    """Close open postings published before `oldest_day`; return how many. Undated ones stay."""
    closed = db.execute(
        update(Posting)
        .where(Posting.status == "open", Posting.published_on < oldest_day)
        .values(status="expired")
    )
    return int(closed.rowcount)  # type: ignore[attr-defined]
