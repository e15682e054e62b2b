"""A seeker's report on a posting (这家收押金): once confirmed, a counsellor looks first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Posting, PostingReport


@dataclass(frozen=True)
class Reported:
    """What a report led to."""

    posting_id: int
    title: str
    employer: str
    held: bool
    """True when the posting waits for a counsellor since this report."""
    again: bool
    """True when the same seeker had reported it before; nothing was added."""


def report(db: Session, posting_id: int, reason: str, seeker_id: int | None) -> Reported | None:
    """Keep a report that the seeker has confirmed, and hold the posting.

    `reason` is kept in at most 200 characters; `seeker_id` None for a seeker who is not known.
    Returns None when there is no such posting. One that a counsellor refused stays refused.
    """
    posting = db.get(Posting, posting_id)
    if posting is None:
        return None
    again = seeker_id is not None and _before(db, posting_id, seeker_id)
    if not again:
        db.add(
            PostingReport(
                posting_id=posting_id,
                reason=reason.strip()[:200],
                seeker_id=seeker_id,
                reported_at=clock.now(),
            )
        )
    held = not again and posting.status == "open"
    if held:
        posting.status = "held"
    db.flush()
    return Reported(posting_id, posting.title, posting.employer.name, held, again)


def _before(db: Session, posting_id: int, seeker_id: int) -> bool:
    query = select(PostingReport.id).where(
        PostingReport.posting_id == posting_id, PostingReport.seeker_id == seeker_id
    )
    return db.scalar(query.limit(1)) is not None
