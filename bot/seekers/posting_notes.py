"""Notes of a seeker on postings: those they saved, and their feedback on those they saw.

Saving is asked for, and stored with that consent; feedback on a posting is stored only for
seekers with stored data. Notes never leave the seeker's own data.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Posting, PostingNote, Seeker
from bot.privacy.consents import agrees, record
from bot.seekers.identity import find_seeker, seeker_of
from bot.understanding.posting_feedback import FeedbackKind

#: Purpose of the consents to store saved postings.
PURPOSE = "keep_postings"
#: Postings that a list of saved ones shows.
MAX_LISTED = 10


def save(db: Session, channel: str, address: str, posting_id: int, wording: str) -> None:
    """Save a posting for a seeker; `wording` is their message, stored as the consent.

    Saving again changes nothing.
    """
    seeker = seeker_of(db, channel, address)
    if not agrees(db, seeker.id, PURPOSE):
        record(seeker, PURPOSE, channel, wording, clock.now())
        db.flush()
    _note(db, seeker, posting_id, "save")


def note(db: Session, channel: str, address: str, posting_id: int, kind: FeedbackKind) -> None:
    """Store the feedback of a seeker on a posting; nothing for a person without stored data."""
    seeker = find_seeker(db, channel, address)
    if seeker is not None:
        _note(db, seeker, posting_id, kind)


def _note(db: Session, seeker: Seeker, posting_id: int, kind: FeedbackKind) -> None:
    key = {"seeker_id": seeker.id, "posting_id": posting_id, "kind": kind}
    if db.get(PostingNote, key) is None:
        db.add(PostingNote(**key, noted_at=clock.now()))
        db.flush()


def saved(db: Session, channel: str, address: str) -> list[int]:
    """Return the postings that a seeker saved and that are still open, the latest first."""
    seeker = find_seeker(db, channel, address)
    if seeker is None:
        return []
    query = (
        select(PostingNote.posting_id)
        .join(Posting, Posting.id == PostingNote.posting_id)
        .where(
            PostingNote.seeker_id == seeker.id,
            PostingNote.kind == "save",
            Posting.status == "open",
        )
        .order_by(PostingNote.noted_at.desc(), PostingNote.posting_id)
    )
    return list(db.scalars(query.limit(MAX_LISTED)))
