"""Review queue of held postings: faults, reports and the counsellors' decisions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Posting, PostingDecision, PostingReport
from bot.postings.errors import NotHeldError
from bot.postings.requirements import screened_text
from bot.postings.screening.rules import faults, holds, matched_words


@dataclass(frozen=True)
class QueuedPosting:
    """A held posting in the review queue."""

    id: int
    title: str
    employer: str
    source: str
    faults: tuple[tuple[str, str], ...]
    """Id of each fault and the words in which it was found."""
    reports: tuple[str, ...]
    """What seekers reported, oldest first."""


def review_queue(db: Session, limit: int = 100) -> list[QueuedPosting]:
    """Return the postings that wait, those that seekers reported first, then the oldest."""
    reported = (
        select(func.count())
        .where(PostingReport.posting_id == Posting.id)
        .correlate(Posting)
        .scalar_subquery()
    )
    query = (
        select(Posting)
        .where(Posting.status == "held")
        .order_by(reported.desc(), Posting.imported_at, Posting.id)
        .limit(limit)
    )
    return [_queued_posting(db, posting) for posting in db.scalars(query)]


def _queued_posting(db: Session, posting: Posting) -> QueuedPosting:
    words = screened_text(
        posting.title, posting.tags, posting.description,
        posting.sex_text, posting.age_text, posting.contact, posting.apply_text,
    )  # fmt: skip
    all_faults = faults()
    fault_ids = [name for name in posting.warnings.split(",") if name in all_faults]
    return QueuedPosting(
        posting.id,
        posting.title,
        posting.employer.name,
        posting.source,
        tuple(
            (name, matched_words(all_faults[name], words) or posting.salary_text)
            for name in fault_ids
        ),
        tuple(reports_on(db, posting.id)),
    )


def reports_on(db: Session, posting_id: int) -> list[str]:
    """Return the reasons that seekers gave for reporting a posting."""
    query = select(PostingReport.reason).where(PostingReport.posting_id == posting_id)
    return list(db.scalars(query.order_by(PostingReport.id)))


def release(db: Session, posting_id: int, counsellor: str, reason: str) -> None:
    """Show a held posting; what holds it now is let pass from now on.

    Raises NotHeldError for a posting that does not wait.
    """
    posting = _decide(db, posting_id, "released", counsellor, reason)
    passed = [name for name in posting.warnings.split(",") if holds(name)]
    already_cleared = [name for name in posting.cleared.split(",") if name]
    posting.cleared = ",".join(dict.fromkeys([*already_cleared, *passed]))
    posting.status = "open"
    db.flush()


def refuse(db: Session, posting_id: int, counsellor: str, reason: str) -> None:
    """Take a held posting out for good. Raises NotHeldError for a posting that does not wait."""
    _decide(db, posting_id, "refused", counsellor, reason).status = "refused"
    db.flush()


def _decide(db: Session, posting_id: int, action: str, counsellor: str, reason: str) -> Posting:
    posting = db.get(Posting, posting_id)
    if posting is None or posting.status != "held":
        raise NotHeldError(posting_id, posting.status if posting else None)
    db.add(
        PostingDecision(
            posting_id=posting_id,
            action=action,
            counsellor=counsellor[:40],
            reason=reason[:200],
            faults=posting.warnings,
            decided_at=clock.now(),
        )
    )
    return posting
