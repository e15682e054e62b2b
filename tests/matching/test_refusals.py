"""Postings that state what the person refuses."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.matching.refusals import is_refused, refused_ids
from bot.postings.traits import Traits
from tests.factories import make_posting, saved
from tests.matching.postings import guard, wish


@pytest.mark.parametrize(
    ("words", "welfare", "refused"),
    [
        ("夜班保安", ("no_nights",), True),
        ("不用上夜班", ("no_nights",), False),
        ("夜班保安", (), False),
        ("夜班保安", ("meals",), False),
        ("", ("no_nights",), False),
    ],
)
def test_night_work_is_refused_by_who_wants_none(
    words: str, welfare: tuple[str, ...], refused: bool
) -> None:
    assert is_refused(guard(traits=Traits(words=words)), wish(welfare=welfare)) == refused


def test_words_that_were_not_read_refuse_nothing() -> None:
    assert not is_refused(guard(traits=None), wish(welfare=("no_nights",)))


def test_stored_postings_are_looked_through_by_their_words(words: Session) -> None:
    today = date(2026, 11, 24)
    ids = [
        saved(words, make_posting(description=text, published_on=today)).id
        for text in ("要上夜班", "长白班", "不用上夜班")
    ]
    with clock.frozen(today):
        assert refused_ids(words, ids, wish(welfare=("no_nights",))) == {ids[0]}
        assert refused_ids(words, ids, wish()) == frozenset()
