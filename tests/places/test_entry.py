"""Listings changed by hand: entered, corrected, confirmed, closed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.tables import ListingBatch, Station
from bot.places.entry import Author, confirm, enter, set_state, states_of
from bot.places.errors import ListingBatchError, ListingRowError

WANG, OF_SHENYANG = Author("王某"), Author("李某", ("2101",))


def _cells(
    title: str = "甲站", city: str = "沈阳市", district: str = "铁西区", phone: str = "1"
) -> dict[str, str]:
    return {"city": city, "district": district, "title": title, "phone": phone}


def _batches(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(ListingBatch)) or 0


def test_a_row_is_entered_once_under_its_name(words: Session) -> None:
    number = enter(words, WANG, "station", _cells()).id
    with pytest.raises(ListingBatchError):
        enter(words, WANG, "station", _cells(phone="2"))
    corrected = enter(words, WANG, "station", _cells(phone="2"), number)
    assert corrected.id == number
    assert words.get_one(Station, number).phone == "2"


def test_no_row_is_corrected_into_the_name_of_another(words: Session) -> None:
    enter(words, WANG, "station", _cells())
    other = enter(words, WANG, "station", _cells("乙站")).id
    with pytest.raises(ListingBatchError):
        enter(words, WANG, "station", _cells(), other)
    assert words.get_one(Station, other).title == "乙站"


def test_a_row_saved_as_it_is_makes_no_batch(words: Session) -> None:
    number = enter(words, WANG, "station", _cells()).id
    before = _batches(words)
    enter(words, WANG, "station", _cells(), number)
    assert _batches(words) == before


def test_nobody_writes_outside_of_their_areas(words: Session) -> None:
    elsewhere = enter(words, WANG, "station", _cells("丙站", "大连市", "中山区")).id
    with pytest.raises(ListingRowError):
        enter(words, OF_SHENYANG, "station", _cells("丁站", "大连市", "中山区"))
    for change in (
        lambda: set_state(words, OF_SHENYANG, "station", elsewhere, "closed"),
        lambda: confirm(words, OF_SHENYANG, "station", elsewhere, "某局", date(2026, 11, 30)),
        lambda: enter(words, OF_SHENYANG, "station", _cells("丁站"), elsewhere),
    ):
        with pytest.raises(ListingBatchError):
            change()
    assert enter(words, OF_SHENYANG, "station", _cells("丁站")).id


def test_a_state_is_one_of_its_kind(words: Session) -> None:
    number = enter(words, WANG, "station", _cells()).id
    with pytest.raises(ListingBatchError):
        set_state(words, WANG, "station", number, "cancelled")
    set_state(words, WANG, "station", number, "closed")
    assert words.get_one(Station, number).state == "closed"
    assert "cancelled" in states_of("fair")


def test_a_confirmation_bears_day_and_office(words: Session) -> None:
    number = enter(words, WANG, "station", _cells()).id
    confirm(words, WANG, "station", number, "某" * 80, date(2026, 11, 30))
    row = words.get_one(Station, number)
    assert (row.verified_on, row.verified_by) == (date(2026, 11, 30), "某" * 60)
