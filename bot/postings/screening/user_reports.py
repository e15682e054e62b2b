"""A seeker's report on a posting (这家收押金): once confirmed, a counsellor looks first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Posting, PostingReport


@dataclass(frozen=True)
class ReportOutcome:
    """Outcome of a report."""

    posting_id: int
    title: str
    employer: str
    is_held: bool
    """True when the posting waits for a counsellor since this report."""
    is_repeat: bool
    """True when the same seeker had reported it before; nothing was added."""


def report_posting(
    db: Session, posting_id: int, reason: str, seeker_id: int | None
) -> ReportOutcome | None:
    """Keep a report that the seeker has confirmed, and hold the posting.

    `reason` is kept in at most 200 characters; `seeker_id` None for a seeker who is not known.
    Returns None when there is no such posting. One that a counsellor refused stays refused.
    """
    posting = db.get(Posting, posting_id)
    if posting is None:
        return None
    is_repeat = seeker_id is not None and _already_reported(db, posting_id, seeker_id)
    if not is_repeat:
        db.add(
            PostingReport(
                posting_id=posting_id,
                reason=reason.strip()[:200],
                seeker_id=seeker_id,
                reported_at=clock.now(),
            )
        )
    is_held = not is_repeat and posting.status == "open"
    if is_held:
        posting.status = "held"
    db.flush()
    return ReportOutcome(posting_id, posting.title, posting.employer.name, is_held, is_repeat)


def _already_reported(db: Session, posting_id: int, seeker_id: int) -> bool:
    query = select(PostingReport.id).where(
        PostingReport.posting_id == posting_id, PostingReport.seeker_id == seeker_id
    )
    return db.scalar(query.limit(1)) is not None
