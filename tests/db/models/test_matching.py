"""The keys of matching follow the postings, whoever writes them."""

from datetime import date, datetime, timezone
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from bot.db.tables import Employer, MatchKey, Posting, PostingOccupation
from bot.matching.candidates import find_keys
from bot.matching.job_preference import JobPreference
from tests.db.asked import statements

Row = tuple[str, str, int, str, str | None, int, int | None]


@pytest.fixture
def guard(words: Session) -> int:
    """A guard's posting, written by plain statements; its id."""
    values: dict[str, Any] = {
        "id": 1, "source": "test", "source_key": "1", "content_hash": "x", "title": "保安", "employer_id": 1,
        "description": "", "tags": "", "place_text": "", "salary_text": "", "region_code": "210106",
        "city_code": "210100", "salary_min": 3000, "salary_max": 4000, "published_on": date(1970, 1, 11),
        "imported_at": datetime(2026, 11, 1, tzinfo=timezone.utc), "status": "open", "warnings": "",
    }  # fmt: skip
    words.execute(insert(Employer), [{"id": 1, "name": "某物业"}])
    words.execute(insert(Posting), [values])
    trades = [
        {"posting_id": 1, "occupation_name": name, "rank": rank}
        for rank, name in enumerate(("保安员", "保洁员"))
    ]
    words.execute(insert(PostingOccupation), trades)
    return 1


def _keys(db: Session) -> list[Row]:
    query = select(
        MatchKey.occupation_name, MatchKey.family, MatchKey.rank, MatchKey.place,
        MatchKey.region_code, MatchKey.day, MatchKey.salary_min,
    ).order_by(MatchKey.family)  # fmt: skip
    return sorted(db.execute(query).tuples().all())


def test_a_posting_has_a_key_for_each_trade_and_one_for_any(words: Session, guard: int) -> None:
    assert _keys(words) == [
        ("", "", 0, "210100", "210106", 10, 3000),
        ("保安员", "安保", 0, "210100", "210106", 10, 3000),
        ("保洁员", "保洁", 1, "210100", "210106", 10, 3000),
    ]


@pytest.mark.parametrize("status", ["held", "expired"])
def test_what_is_not_open_has_no_keys_until_it_is_again(
    words: Session, guard: int, status: str
) -> None:
    words.execute(update(Posting).values(status=status))
    assert _keys(words) == []
    words.execute(update(Posting).values(status="open"))
    assert len(_keys(words)) == 3


def test_a_changed_posting_changes_its_keys(words: Session, guard: int) -> None:
    moved = {
        "region_code": "210200",
        "city_code": "210200",
        "salary_min": 5000,
        "published_on": None,
    }
    words.execute(update(Posting).values(moved))
    assert {row[3:] for row in _keys(words)} == {("210200", "210200", 0, 5000)}


def test_a_posting_without_a_city_stands_under_its_province_or_nowhere(
    words: Session, guard: int
) -> None:
    words.execute(update(Posting).values(city_code=None, region_code="210000"))
    assert {row[3] for row in _keys(words)} == {"210000"}
    words.execute(update(Posting).values(city_code=None, region_code=None))
    assert {row[3] for row in _keys(words)} == {""}


def test_a_trade_read_anew_or_dropped_is_followed(words: Session, guard: int) -> None:
    words.execute(delete(PostingOccupation).where(PostingOccupation.occupation_name == "保安员"))
    words.execute(update(PostingOccupation).values(rank=0))
    assert [row[:3] for row in _keys(words)] == [("", "", 0), ("保洁员", "保洁", 0)]


def test_a_deleted_posting_leaves_no_keys(words: Session, guard: int) -> None:
    words.execute(delete(Posting))
    assert _keys(words) == []


@pytest.mark.parametrize(
    ("wish", "index"),
    [
        (JobPreference(any_occupation=True, region_code="210106"), "ix_match_keys_district"),
        (JobPreference(any_occupation=True, region_code="210100"), "ix_match_keys_trade"),
        (JobPreference(("保安员",), region_code="210106"), "ix_match_keys_trade"),
    ],
)
def test_an_index_gives_the_newest_first_without_sorting(
    words: Session, guard: int, wish: JobPreference, index: str
) -> None:
    bound = words.get_bind()
    with statements(bound) as asked:
        find_keys(words, wish, frozenset(), 500)
    ((statement, given),) = asked
    given = tuple(given) if isinstance(given, list) else given
    if bound.dialect.name == "sqlite":
        rows = words.connection().exec_driver_sql(f"explain query plan {statement}", given).all()
        plan = " ".join(row[3] for row in rows)
    else:
        words.execute(text("set local enable_seqscan = off"))
        words.execute(text("set local enable_bitmapscan = off"))
        words.execute(text("set local enable_sort = off"))
        rows = words.connection().exec_driver_sql(f"explain {statement}", given).all()
        plan = " ".join(row[0] for row in rows)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan
