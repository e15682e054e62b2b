"""Working days of China: the State Council's yearly notice, and before it the holidays by law.

Known years are those of chinesecalendar, which follows the notice with its days off in lieu and
the weekend days worked instead. For any other year the holidays of all citizens are free
(全国年节及纪念日放假办法 第二条, 国务院令第795号), and Saturdays and Sundays; which days are worked
or given off in exchange is not known then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from chinese_calendar import constants

from bot.caches import process_cache
from bot.settings import settings

#: Free every year, by month and day; 2 May since 2025 (国务院令第795号).
FIXED = {
    (1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节",
    (10, 1): "国庆", (10, 2): "国庆", (10, 3): "国庆",
}  # fmt: skip
_SINCE_2025 = (5, 2)
#: Days before a year in which its missing data is warned of: the notice comes in November.
WARNED_BEFORE = timedelta(days=60)
_FILE = "holidays.csv"


class HolidayFileError(ValueError):
    """The table of holidays cannot be used; says the file, the line and the field."""


@dataclass(frozen=True)
class Day:
    """A date with its kind of day."""

    free: bool
    holiday: bool
    """Whether it is free because of a holiday, not only as a Saturday or Sunday."""
    certain: bool
    """Whether the State Council's notice for its year is known."""


def day_of(day: date) -> Day:
    """Return what kind of day a date is in China."""
    if not is_known(day.year):
        holiday = holiday_by_law(day) is not None
        return Day(holiday or day.weekday() >= 5, holiday, certain=False)
    free, name = chinese_calendar.get_holiday_detail(day)
    return Day(free, free and name is not None, certain=True)


def is_known(year: int) -> bool:
    """Tell whether chinesecalendar has the notice for a year."""
    return int(min(constants.holidays).year) <= year <= last_known_year()


def last_known_year() -> int:
    """Return the last year that chinesecalendar has a notice of."""
    return int(max(constants.holidays).year)


def holiday_by_law(day: date) -> str | None:
    """Return the name of the holiday of all citizens that a day is; None when it is none.

    Lunar ones are known as far as data/holidays.csv goes.
    """
    by_date = FIXED.get((day.month, day.day))
    if by_date and (day.year >= 2025 or (day.month, day.day) != _SINCE_2025):
        return by_date
    return _table().get(day)


def first_day(names: Collection[str], year: int) -> date | None:
    """Return the first day in a year that data/holidays.csv has by one of these names."""
    days = (day for day, name in _table().items() if day.year == year and name in names)
    return min(days, default=None)


def missing_data(today: date) -> str | None:
    """Return a warning when a year runs, or begins within 60 days, without a known notice."""
    year = (today + WARNED_BEFORE).year
    if year <= last_known_year():
        return None
    year = max(last_known_year() + 1, today.year)
    return (
        f"chinesecalendar ends with {last_known_year()}: in {year} the holidays by law are free, "
        "the days worked or given off in exchange (调休) are unknown; update the package"
    )


def read_table(file: Path) -> dict[date, str]:
    """Return the days of a table of holidays with their names. Raises HolidayFileError."""
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [(number, line) for number, line in enumerate(lines, 1) if not line.startswith("#")]
    if not rows or rows[0][1] != "day,name":
        raise HolidayFileError(f"{file}, line {rows[0][0] if rows else 1}, day,name: is missing")
    table: dict[date, str] = {}
    for number, line in rows[1:]:
        row = line.split(",")
        if len(row) != 2 or not row[1]:
            raise HolidayFileError(f"{file}, line {number}, name: is missing")
        try:
            table[date.fromisoformat(row[0])] = row[1]
        except ValueError:
            raise HolidayFileError(f"{file}, line {number}, day: {row[0]!r} is no date") from None
    return table


@process_cache(size=1)
def _table() -> dict[date, str]:
    return read_table(settings().data_file(_FILE))
