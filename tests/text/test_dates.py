from __future__ import annotations

from datetime import date

import pytest

from bot.text.dates import read

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("明天", "2026-11-24", "2026-11-24"),
        ("大后天", "2026-11-26", "2026-11-26"),
        ("这周末沈阳有招聘会吗", "2026-11-28", "2026-11-29"),
        ("下周三", "2026-12-02", "2026-12-02"),
        ("12月1号", "2026-12-01", "2026-12-01"),
        ("2024年3月", "2024-03-01", "2024-03-31"),
        ("去年十月", "2025-10-01", "2025-10-31"),
        ("2024年2月29日", "2024-02-29", "2024-02-29"),
        ("我2019年入职", "2019-01-01", "2019-12-31"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("下个月", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_date_is_a_span_of_days(text: str, first: str, last: str) -> None:
    (found,) = read(text, MONDAY)
    assert (found.value.first.isoformat(), found.value.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text", ["交了8年零3月", "2月30号", "13月5号", "月薪五千", "十二个月", "第三个"]
)
def test_a_length_or_no_such_day_is_no_date(text: str) -> None:
    assert read(text, MONDAY) == []


def test_months_turn_with_the_year() -> None:
    (found,) = read("下个月", date(2026, 12, 31))
    assert found.value.first == date(2027, 1, 1)
