from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bot.settings import ROOT
from bot.workdays import (
    HolidayFileError,
    day_of,
    holiday_by_law,
    last_known_year,
    missing_data,
    read_table,
)

FIXED = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]


@pytest.mark.parametrize("year", range(2025, 2060))
@pytest.mark.parametrize(("month", "day"), FIXED)
def test_the_holidays_with_a_date_are_free_in_every_year(year: int, month: int, day: int) -> None:
    assert day_of(date(year, month, day)).holiday
    assert day_of(date(year, month, day)).free


def test_every_year_of_the_table_has_the_seven_days_of_the_law_in_their_season() -> None:
    table = read_table(ROOT / "data" / "holidays.csv")
    for year in range(2025, 2036):
        of_year = {day: name for day, name in table.items() if day.year == year}
        names = sorted(of_year.values())
        assert names == sorted(["除夕", "春节", "春节", "春节", "清明", "端午", "中秋"])
        eve, *days = sorted(day for day, name in of_year.items() if name in ("除夕", "春节"))
        assert date(year, 1, 20) <= eve <= date(year, 2, 20)
        assert days == [eve + timedelta(days=n) for n in (1, 2, 3)]
        assert next(d for d, name in of_year.items() if name == "清明").day in (4, 5)
    assert len(table) == 11 * 7 + 6  # 除夕 is a day of the law since 2025


def test_the_table_agrees_with_the_notices_that_are_known() -> None:
    table = read_table(ROOT / "data" / "holidays.csv")
    known = [day for day in table if day.year <= last_known_year()]
    assert len(known) >= 20
    assert [day for day in known if not day_of(day).holiday] == []


def test_what_the_notice_says_stands_above_the_law_and_is_certain() -> None:
    saturday = date(2026, 2, 14)
    assert not chinese_calendar.is_holiday(saturday)
    assert (day_of(saturday).free, day_of(saturday).certain) == (False, True)
    assert not day_of(date(2030, 2, 9)).certain
    assert holiday_by_law(date(2027, 6, 9)) == "端午"


def test_a_year_without_a_notice_is_warned_of_sixty_days_before_it_begins() -> None:
    begins = date(last_known_year() + 1, 1, 1)
    assert missing_data(begins - timedelta(days=61)) is None
    for day in (begins - timedelta(days=60), begins, begins + timedelta(days=200)):
        warning = missing_data(day)
        assert warning is not None
        assert str(begins.year) in warning
        assert "unknown" in warning


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "line 1, day,name"),
        ("# no head\n2027-02-06,春节\n", "line 2, day,name"),
        ("day,name\n2027-02-30,春节\n", "line 2, day"),
        ("# a\nday,name\n2027-02-06,春节\n2027-02-07\n", "line 4, name"),
    ],
)
def test_a_wrong_table_is_refused_with_file_line_and_field(
    tmp_path: Path, text: str, wrong: str
) -> None:
    file = tmp_path / "holidays.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(HolidayFileError, match=f"holidays.csv, {wrong}"):
        read_table(file)
