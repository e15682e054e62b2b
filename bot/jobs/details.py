"""One posting, whole."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.db.tables import Posting
from bot.jobs.explain import item
from bot.jobs.match import Match, card_of, features_of, score
from bot.jobs.preference import JobPreference
from bot.messages import PostingItem


def details(db: Session, posting_id: int, wish: JobPreference) -> PostingItem | None:
    """Return a posting with its description, None when it is gone or no longer open."""
    posting = db.get(Posting, posting_id)
    if posting is None or posting.status != "open":
        return None
    features = features_of(posting)
    return item(Match(features, card_of(posting), score(features, wish)), wish, details=True)
