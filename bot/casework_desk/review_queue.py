"""Review queue of held postings: faults, reports and the counsellors' decisions."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, Posting, PostingDecision, PostingEntry, PostingReport
from bot.postings.errors import NotHeldError, OwnEntryError
from bot.postings.requirements import screened_text
from bot.postings.screening.rules import UNREVIEWED, faults, holds, matched_words


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


def waiting() -> ColumnElement[bool]:
    """Return the condition that a posting waits for a reviewer, and not for who entered it."""
    returned = exists(
        select(PostingEntry.posting_id).where(
            PostingEntry.posting_id == Posting.id, PostingEntry.returned_at.is_not(None)
        )
    )
    return and_(Posting.status == "held", ~returned)


def review_queue(
    db: Session, limit: int = 100, scope: ColumnElement[bool] | None = None, offset: int = 0
) -> list[QueuedPosting]:
    """Return the postings that wait, those that seekers reported first, then the oldest.

    `scope` is the condition of the areas reviewed.
    """
    reported = (
        select(func.count())
        .where(PostingReport.posting_id == Posting.id)
        .correlate(Posting)
        .scalar_subquery()
    )
    query = (
        select(Posting)
        .where(waiting(), *([] if scope is None else [scope]))
        .order_by(reported.desc(), Posting.imported_at, Posting.id)
        .limit(limit)
        .offset(offset)
    )
    return [queued_posting(db, posting) for posting in db.scalars(query)]


def queued_posting(db: Session, posting: Posting) -> QueuedPosting:
    """Return a posting with what was found in it and what seekers reported."""
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

    That nobody had reviewed it is no fault any more, until it is changed. Raises NotHeldError for a
    posting that does not wait, OwnEntryError when the counsellor entered it.
    """
    posting = _decide(db, posting_id, "released", counsellor, reason)
    found = [name for name in posting.warnings.split(",") if name and name != UNREVIEWED]
    passed = [name for name in found if holds(name)]
    already_cleared = [name for name in posting.cleared.split(",") if name]
    posting.cleared = ",".join(dict.fromkeys([*already_cleared, *passed]))
    posting.warnings = ",".join(found)
    posting.status = "open"
    db.flush()


def refuse(db: Session, posting_id: int, counsellor: str, reason: str) -> None:
    """Take a held posting out for good. Raises as `release`."""
    _decide(db, posting_id, "refused", counsellor, reason).status = "refused"
    db.flush()


def ask_back(db: Session, posting_id: int, counsellor: str, reason: str) -> None:
    """Give an entered posting back to who entered it, with a question; it waits for their change.

    Raises as `release`, NotHeldError also for a posting that nobody entered on the page.
    """
    entry = db.get(PostingEntry, posting_id)
    if entry is None:
        raise NotHeldError(posting_id, "imported")
    _decide(db, posting_id, "returned", counsellor, reason)
    entry.returned_at = clock.now()
    db.flush()


def decisions_on(db: Session, posting_id: int) -> list[PostingDecision]:
    """Return who decided what on a posting and why, oldest first."""
    query = select(PostingDecision).where(PostingDecision.posting_id == posting_id)
    return list(db.scalars(query.order_by(PostingDecision.id)))


def _decide(db: Session, posting_id: int, action: str, counsellor: str, reason: str) -> Posting:
    posting = db.scalar(select(Posting).where(Posting.id == posting_id).with_for_update(of=Posting))
    if posting is None or posting.status != "held":
        raise NotHeldError(posting_id, posting.status if posting else None)
    author = (
        select(Counsellor.name)
        .join(PostingEntry, PostingEntry.counsellor_id == Counsellor.id)
        .where(PostingEntry.posting_id == posting_id)
    )
    if db.scalar(author) == counsellor:
        raise OwnEntryError(posting_id)
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
