"""Features and cards of stored postings: only of those that are open and not past their days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.matching.feature_loader import load_features, read_cards, read_words
from tests.factories import make_posting, saved

TODAY = date(2026, 11, 24)


def _ids(db: Session, *columns: dict[str, Any]) -> list[int]:
    return [saved(db, make_posting(**{"published_on": TODAY, **each})).id for each in columns]


@pytest.mark.parametrize(
    ("columns", "is_loaded"),
    [
        ({}, True),
        ({"status": "closed"}, False),
        ({"status": "held"}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_until": TODAY - timedelta(days=1)}, False),
        ({"published_on": None}, True),
        ({"published_on": date(2020, 1, 1)}, False),
        ({"published_on": date(2020, 1, 1), "valid_until": TODAY}, True),
    ],
)
def test_a_posting_is_loaded_while_it_is_open(
    words: Session, columns: dict[str, Any], is_loaded: bool
) -> None:
    ids = _ids(words, columns)
    with clock.frozen(TODAY):
        assert [one.posting_id for one in load_features(words, ids)] == (ids if is_loaded else [])


def test_features_come_in_the_order_asked_for_with_the_best_occupation_first(
    words: Session,
) -> None:
    ids = _ids(words, {"occupations": ("会计", "保安员")}, {})
    with clock.frozen(TODAY):
        loaded = load_features(words, [ids[1], 99_999, ids[0]])
    assert [one.posting_id for one in loaded] == [ids[1], ids[0]]
    assert loaded[1].occupations == ("会计", "保安员")
    assert loaded[0].traits is None


def test_words_are_read_when_asked_for(words: Session) -> None:
    ids = _ids(words, {"description": "包吃住，夜班。", "welfare": "meals"})
    with clock.frozen(TODAY):
        (read,) = read_words(words, load_features(words, ids))
    assert read.traits is not None
    assert "meals" in read.traits.welfare
    assert "夜班" in read.traits.words


def test_a_card_has_what_a_list_shows_and_nothing_comes_of_nothing(words: Session) -> None:
    ids = _ids(words, {"contact": "王先生 024-1234567"})
    card = read_cards(words, [*ids, 99_999])[ids[0]]
    assert (card.contact, card.description) == ("王先生 024-1234567", "")
    assert (load_features(words, []), read_words(words, []), read_cards(words, [])) == ([], [], {})
