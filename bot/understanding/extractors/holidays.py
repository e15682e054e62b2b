"""Holidays of all citizens: their names in messages, and the days that they begin on.

data/vocab/holidays.yml holds them (全国年节及纪念日放假办法 第二条), data/holidays.csv the days
that the lunar calendar or the sun decides. How many days each has by law is a figure of the
policy 加班费.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.text.overlap import Span
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan
from bot.workdays import first_day
from bot.yaml_files import read_yaml

_DAY = re.compile(r"(\d\d)-(\d\d)")
_FIELDS = {"name", "says", "figure", "day", "rows", "lasts"}
_PATTERNS = patterns("holiday_dates")
#: Distance of a year from this one.
_YEARS = {"去年": -1, "今年": 0, "明年": 1, "后年": 2}
#: Length of 春节后.
_AFTERWARDS = timedelta(days=30)


@dataclass(frozen=True)
class Holiday:
    """A holiday of all citizens."""

    id: str
    name: str
    pattern: str
    """A regular expression of what people call it."""
    figure: str
    """The figure of the policy 加班费 that gives its days by law."""
    day: str | None
    """Month and day on which it begins every year, None for one of the lunar calendar."""
    rows: tuple[str, ...]
    """The names of its days in data/holidays.csv, for one of the lunar calendar."""
    lasts: int = 1
    """Its days by law at present, for dates; pay goes by the policy's figure."""

    def begins(self, year: int) -> date | None:
        """Return its first day in a year, None where it is not known."""
        if self.day:
            return date(year, *map(int, self.day.split("-")))
        return first_day(self.rows, year)


def read_holidays(path: Path) -> dict[str, Holiday]:
    """Return the holidays of a file by id. Raises VocabularyError."""
    content: dict[str, Any] = read_yaml(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    holidays_by_id: dict[str, Holiday] = {}
    for id, entry in content.items():
        line = next(n for n, text in enumerate(lines, 1) if text.startswith(f"{id}:"))
        for field in sorted({"name", "says", "figure"} - set(entry)):
            raise VocabularyError(path, line, field, "", "is missing")
        for field in sorted(set(entry) - _FIELDS):
            raise VocabularyError(path, line, field, "", "is no field of a holiday")
        day = str(entry.get("day") or "01-01")
        if not _DAY.fullmatch(day):
            raise VocabularyError(path, line, "day", day, "is no month and day")
        if bool(entry.get("day")) == bool(entry.get("rows")):
            raise VocabularyError(path, line, "day", "", "is needed, or rows")
        holidays_by_id[id] = Holiday(
            id,
            entry["name"],
            entry["says"],
            entry["figure"],
            entry.get("day"),
            tuple(entry.get("rows") or ()),
            entry.get("lasts", 1),
        )
    return holidays_by_id


@process_cache(size=2)
def holidays(data: Path | None = None) -> Mapping[str, Holiday]:
    """Return the holidays of a data folder (default: the settings')."""
    return read_holidays((data or settings().data) / "vocab" / "holidays.yml")


@process_cache(size=1)
def _date_pattern() -> re.Pattern[str]:
    names = "|".join(f"(?P<{holiday.id}>{holiday.pattern})" for holiday in holidays().values())
    return re.compile(_PATTERNS["year"].pattern + f"(?:{names})" + _PATTERNS["period"].pattern)


def extract(text: str, today: date) -> list[TextSpan[Span]]:
    """Return the dates that name a holiday and a year, or the time before or after it.

    春节前 is from today to the day before; 明年国庆节 its days by law. A bare 国庆 is no date: who
    worked on it asks about pay.
    """
    spans: list[TextSpan[Span]] = []
    for hit in _date_pattern().finditer(text):
        if not (hit["year"] or hit["before"] or hit["after"]):
            continue
        span = _holiday_span(hit, today)
        if span:
            spans.append(TextSpan(span, hit.start(), hit.end(), hit.group()))
    return spans


def _holiday_span(hit: re.Match[str], today: date) -> Span | None:
    holiday = next(candidate for candidate in holidays().values() if hit[candidate.id])
    year_text = hit["year"] or ""
    year = int(year_text[:4]) if year_text[:4].isdigit() else today.year + _YEARS.get(year_text, 0)
    begins = holiday.begins(year)
    if begins and begins < today and not year_text:
        begins = holiday.begins(year + 1)  # the next one is meant
    if begins is None:
        return None
    ends = begins + timedelta(days=holiday.lasts - 1)
    if hit["before"]:
        return Span(min(today, begins - timedelta(days=1)), begins - timedelta(days=1))
    if hit["after"]:
        return Span(ends + timedelta(days=1), ends + _AFTERWARDS)
    return Span(begins, ends)
