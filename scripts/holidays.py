"""Compute data/holidays.csv with two libraries; ends with an AssertionError where they differ.

Run in an environment of its own: `pip install lunar-python lunardate cnlunar`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import cnlunar
import lunardate
from lunar_python import Lunar

FIRST, LAST = 2024, 2035
#: Holidays by their lunar month and day.
LUNAR = (("春节", 1, 1), ("春节", 1, 2), ("春节", 1, 3), ("端午", 5, 5), ("中秋", 8, 15))


def of_year(year: int) -> Iterator[tuple[date, str]]:
    """Return the holidays of a year, in order."""
    days = [(_lunar(year, month, day), name) for name, month, day in LUNAR]
    if year >= 2025:  # a day of the law since 国务院令第795号
        days.append((days[0][0] - timedelta(days=1), "除夕"))
    days.append((_qingming(year), "清明"))
    yield from sorted(days)


def _lunar(year: int, month: int, day: int) -> date:
    solar = Lunar.fromYmd(year, month, day).getSolar()
    found = date(solar.getYear(), solar.getMonth(), solar.getDay())
    assert found == lunardate.LunarDate(year, month, day).to_solar_date(), (year, month, day)
    return found


def _qingming(year: int) -> date:
    solar = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    found = date(solar.getYear(), solar.getMonth(), solar.getDay())
    at_noon = datetime(found.year, found.month, found.day, 12)
    assert cnlunar.Lunar(at_noon).todaySolarTerms == "清明", year
    return found


if __name__ == "__main__":
    for one in range(FIRST, LAST + 1):
        for when, name in of_year(one):
            sys.stdout.write(f"{when},{name}\n")
