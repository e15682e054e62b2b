"""Reports of seekers on postings."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import PostingReport
from bot.postings.screening.user_reports import report_posting
from tests.factories import make_posting, make_seeker, saved


def test_a_report_holds_an_open_posting_once_for_each_seeker(words: Session) -> None:
    posting, seeker = saved(words, make_posting()), saved(words, make_seeker())
    first = report_posting(words, posting.id, " 收押金" + "。" * 300, seeker.id)
    again = report_posting(words, posting.id, "收押金", seeker.id)
    assert first is not None
    assert again is not None
    assert (first.is_held, first.is_repeat, posting.status) == (True, False, "held")
    assert (again.is_held, again.is_repeat) == (False, True)
    (kept,) = words.query(PostingReport).all()
    assert len(kept.reason) == 200


def test_unknown_seekers_are_each_another(words: Session) -> None:
    posting = saved(words, make_posting())
    for _ in range(2):
        report_posting(words, posting.id, "收押金", None)
    assert words.query(PostingReport).count() == 2


@pytest.mark.parametrize("status", ["refused", "closed"])
def test_what_is_not_open_stays_as_it_is(words: Session, status: str) -> None:
    posting = saved(words, make_posting(status=status))
    outcome = report_posting(words, posting.id, "收押金", None)
    assert outcome is not None
    assert not outcome.is_held
    assert posting.status == status
    assert report_posting(words, 99_999, "收押金", None) is None
