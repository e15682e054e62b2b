"""Days of a posting, as cells state them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.postings.ingest.validity import LastDay, last_day, published

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026年11月1日至12月15日", date(2026, 12, 15)),
        ("11月1日-30日", date(2026, 11, 30)),
        ("2026.11.31", date(2026, 11, 30)),
        ("20261201", date(2026, 12, 1)),
        ("二〇二六年十二月一日", date(2026, 12, 1)),
        ("1月5日", date(2027, 1, 5)),
        ("12月中旬", date(2026, 12, 20)),
        ("2026-12-31T17:00:00Z", date(2027, 1, 1)),
        ("46387", date(2026, 12, 31)),
        ("30天", date(2026, 12, 24)),
        ("一个月内", date(2026, 12, 24)),
        ("半年", date(2027, 5, 24)),
        ("年底", date(2026, 12, 31)),
        ("", None),
    ],
)
def test_the_last_day_of_a_cell(cell: str, day: date | None) -> None:
    assert last_day(cell, TODAY) == LastDay(day)


@pytest.mark.parametrize(("cell", "unread"), [("长期有效", False), ("等通知那啥", True)])
def test_open_ends_and_what_cannot_be_read_are_told_apart(cell: str, unread: bool) -> None:
    assert last_day(cell, TODAY) == LastDay(None, unread)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-01", date(2026, 11, 1)),
        ("11月25日", date(2025, 11, 25)),
        ("11月24日", date(2026, 11, 24)),
        ("1999-01-01", None),
        ("2100-01-01", None),
        ("2199年3月2日", None),
        ("", None),
    ],
)
def test_a_publication_lies_in_the_past(cell: str, day: date | None) -> None:
    assert published(cell, TODAY) == day
