"""Origins of a posting: it stays open while one source has it, and expires with the last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlalchemy import exists, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.db.tables import Posting, PostingOrigin

_BATCH_SIZE = 500


def live_keys(db: Session, source: str) -> set[str]:
    """Return the keys of the rows that a source has, as far as is known."""
    query = select(PostingOrigin.source_key).where(
        PostingOrigin.source == source, PostingOrigin.gone_at.is_(None)
    )
    return set(db.scalars(query))


def remove_rows(
    db: Session,
    source: str,
    keys: Iterable[str],
    now: datetime,
    after_batch: Callable[[], object] = lambda: None,
) -> int:
    """Take rows out of a source; return how many postings expired with them.

    `after_batch` is called after each batch, between complete steps.
    """
    departed_keys, closed = list(keys), 0
    for start in range(0, len(departed_keys), _BATCH_SIZE):
        departing_rows = (
            PostingOrigin.source == source,
            PostingOrigin.source_key.in_(departed_keys[start : start + _BATCH_SIZE]),
        )
        affected = set(db.scalars(select(PostingOrigin.posting_id).where(*departing_rows)))
        db.execute(update(PostingOrigin).where(*departing_rows).values(gone_at=now))
        closed += _expire_orphans(db, affected)
        after_batch()
    return closed


def expire_rows(db: Session, now: datetime, today: date) -> int:
    """Take out every row that is past its last day; return how many postings expired."""
    expired_rows = (
        PostingOrigin.expires_on < today,
        PostingOrigin.gone_at.is_(None),
    )
    affected = set(db.scalars(select(PostingOrigin.posting_id).where(*expired_rows)))
    db.execute(update(PostingOrigin).where(*expired_rows).values(gone_at=now))
    return _expire_orphans(db, affected)


def reassign_source(db: Session, posting_id: int, leaving: tuple[str, str]) -> bool:
    """Let another live origin name a posting's source; False when there is no other."""
    other = db.execute(
        select(PostingOrigin.source, PostingOrigin.source_key)
        .where(
            PostingOrigin.posting_id == posting_id,
            PostingOrigin.gone_at.is_(None),
            tuple_(PostingOrigin.source, PostingOrigin.source_key) != leaving,
        )
        .order_by(PostingOrigin.first_seen_at, PostingOrigin.source)
        .limit(1)
    ).first()
    if other is None:
        return False
    db.execute(
        update(Posting)
        .where(Posting.id == posting_id, tuple_(Posting.source, Posting.source_key) == leaving)
        .values(source=other.source, source_key=other.source_key)
    )
    return True


def _expire_orphans(db: Session, affected: set[int]) -> int:
    """Expire the postings that no source has any more; the others name one that has them."""
    closed, ids = 0, sorted(affected)
    alive = exists().where(PostingOrigin.posting_id == Posting.id, PostingOrigin.gone_at.is_(None))
    for start in range(0, len(ids), _BATCH_SIZE):
        in_batch = Posting.id.in_(ids[start : start + _BATCH_SIZE])
        not_closed = or_(Posting.status == "open", Posting.status == "held")
        done = db.execute(
            update(Posting)
            .where(in_batch, not_closed, ~alive)
            .values(status="expired")
            .execution_options(synchronize_session=False)
        )
        closed += int(done.rowcount)  # type: ignore[attr-defined]
        leaderless = select(Posting.id, Posting.source, Posting.source_key).where(
            in_batch,
            exists().where(
                PostingOrigin.posting_id == Posting.id,
                PostingOrigin.source == Posting.source,
                PostingOrigin.source_key == Posting.source_key,
                PostingOrigin.gone_at.is_not(None),
            ),
        )
        for posting_id, source, key in db.execute(leaderless).tuples().all():
            reassign_source(db, posting_id, (source, key))
    return closed
