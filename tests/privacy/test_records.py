"""Records of a person: counted by kind with their end, read out whole, deleted."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.db.tables import Delivery, Seeker
from bot.privacy.records import LONGEST_OWN, _not_again, erase, groups, records
from bot.privacy.rows import DataSubject
from tests.factories import make_delivery, make_seeker, saved


@pytest.fixture
def anna(db: Session) -> DataSubject:
    """Return a seeker to whom a message was sent."""
    seeker = saved(db, make_seeker())
    saved(db, make_delivery(seeker_id=seeker.id))
    return DataSubject(seeker.id, ())


def _group(db: Session, person: DataSubject, name: str) -> tuple[int, str]:
    (found,) = [group for group in groups(db, person) if group.description == name]
    return found.rows, found.until


def test_the_end_that_is_told_is_the_one_that_deletes(db: Session, anna: DataSubject) -> None:
    rows, until = _group(db, anna, "发给你的消息")
    assert rows == 1
    assert until.count("就删") == 1


def test_all_rows_are_read_out_with_purpose_ground_and_end(db: Session, anna: DataSubject) -> None:
    table = records(db, anna)["deliveries"]
    assert len(table["rows"]) == 1
    assert table["ground"].startswith("个人信息保护法第")
    assert table["until"] == _group(db, anna, "发给你的消息")[1]
    assert table["readers"]


def test_nothing_is_left_of_who_is_deleted_and_all_of_others(
    db: Session, anna: DataSubject
) -> None:
    other = saved(db, make_seeker())
    kept = saved(db, make_delivery("b", seeker_id=other.id))
    done = erase(db, anna)
    assert done["deliveries"] == 1
    assert [row.id for row in db.query(Delivery)] == [kept.id]
    assert [row.id for row in db.query(Seeker)] == [other.id]
    assert groups(db, anna) == []


@pytest.mark.parametrize(
    ("act", "length", "is_left_out"),
    [("my_data", LONGEST_OWN + 1, True), ("my_data", LONGEST_OWN, False), ("policy", 5000, False)],
)
def test_an_earlier_export_is_not_exported_again(act: str, length: int, is_left_out: bool) -> None:
    assert (_not_again(act, "字" * length) != "字" * length) == is_left_out
