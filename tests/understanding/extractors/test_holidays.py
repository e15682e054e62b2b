"""The file of holidays."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.text.errors import VocabularyError
from bot.understanding.extractors.holidays import holidays, read_holidays


@pytest.mark.parametrize(
    ("id", "year", "day"),
    [
        ("national", 2026, date(2026, 10, 1)),
        ("spring", 2026, date(2026, 2, 16)),  # 除夕
        ("qingming", 2026, date(2026, 4, 5)),
        ("mid_autumn", 2025, date(2025, 10, 6)),
    ],
)
def test_each_holiday_begins_on_its_day(id: str, year: int, day: date) -> None:
    assert holidays()[id].begins(year) == day


def test_a_day_of_the_lunar_calendar_that_is_not_known_is_none() -> None:
    assert holidays()["spring"].begins(2050) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("x:\n  name: 甲\n  says: 甲\n", "figure"),
        ("x:\n  name: 甲\n  says: 甲\n  figure: 'off'\n  day: 1月1\n", "day"),
        ("x:\n  name: 甲\n  says: 甲\n  figure: 'off'\n  long: 3\n", "long"),
    ],
)
def test_a_bad_file_is_refused_with_line_and_field(tmp_path: Path, text: str, field: str) -> None:
    file = tmp_path / "holidays.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=field):
        read_holidays(file)
