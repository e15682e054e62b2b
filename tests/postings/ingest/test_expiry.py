"""Postings too old to be shown."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.db.tables import Posting
from bot.postings.ingest.expiry import expire
from tests.factories import make_posting, saved

OLDEST = date(2026, 9, 1)


def test_open_postings_before_the_day_are_closed_and_undated_ones_stay(words: Session) -> None:
    given = [
        (OLDEST, "open", "open"), (OLDEST - timedelta(days=1), "open", "expired"),
        (None, "open", "open"), (OLDEST - timedelta(days=1), "held", "held"),
    ]  # fmt: skip
    ids = [saved(words, make_posting(published_on=day, status=state)).id for day, state, _ in given]
    assert expire(words, OLDEST) == 1
    words.expire_all()
    assert [words.get_one(Posting, number).status for number in ids] == [
        after for *_, after in given
    ]
