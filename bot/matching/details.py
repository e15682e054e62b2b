"""One posting with all its details."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.comma_lists import split
from bot.db.models.imports import is_shown
from bot.db.tables import Posting, PostingReport
from bot.matching import Match, card_of, features_of, score
from bot.matching.explain import item
from bot.matching.job_preference import JobPreference
from bot.messages import PostingItem
from bot.postings.screening.rules import holds


def visible_posting(db: Session, posting_id: int) -> Posting | None:
    """Return a posting that may be looked at: open, or closed by its own last day."""
    posting = db.scalar(select(Posting).where(Posting.id == posting_id, is_shown(Posting.id)))
    if posting is None or posting.status == "open":
        return posting
    return (
        posting
        if posting.status == "expired" and _is_expired(posting) and _is_clean(db, posting)
        else None
    )


def newest_day(db: Session, ids: Sequence[int]) -> date | None:
    """Return the latest day on which one of some postings was published; None when none says."""
    return db.scalar(select(func.max(Posting.published_on)).where(Posting.id.in_(ids)))


def _is_expired(posting: Posting) -> bool:
    return posting.valid_until is not None and posting.valid_until < clock.today()


def _is_clean(db: Session, posting: Posting) -> bool:
    """Tell whether nothing would hold it, were it still open: no fault, no seeker's report."""
    cleared = split(posting.cleared)
    if any(holds(fault) and fault not in cleared for fault in split(posting.warnings)):
        return False
    reported = select(PostingReport.id).where(PostingReport.posting_id == posting.id).limit(1)
    return db.scalar(reported) is None


def posting_item(
    db: Session, posting_id: int, preference: JobPreference, *, include_expired: bool = True
) -> PostingItem | None:
    """Return a posting with its description, None when it is gone or held.

    One that is past its last day is shown with a note; without `include_expired` it is not.
    """
    posting = visible_posting(db, posting_id)
    if posting is None or (not include_expired and _is_expired(posting)):
        return None
    features = features_of(posting)
    return item(
        Match(features, card_of(posting), score(features, preference)), preference, details=True
    )
