"""Years of two digits and years in characters: 15年入职, 从08年交到23年, 零三年, 二零一五年.

Such a year is a point in time, and 干了15年 a length. The words around it decide; without any it is
left to the readers of lengths.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from bot.text.chinese_numbers import value
from bot.text.overlap import Span
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

#: Both characters of zero, then one to nine.
_DIGIT = "零〇一二三四五六七八九"
_PATTERNS = patterns("years")
#: So many years ahead may be spoken of: up to then a year of two digits is of this century.
MAX_YEARS_AHEAD = 5
#: No length of a working life has so many years: 98年 is 1998.
MAX_LENGTH_YEARS = 60


def extract(text: str, today: date) -> list[TextSpan[Span]]:
    """Return the years (with month and day where stated) that are points in time."""
    years: list[TextSpan[Span]] = []
    for hit in _PATTERNS["year"].finditer(text):
        if not _is_point(text, hit, years):
            continue
        span = _span(hit, today)
        if span:
            years.append(TextSpan(span, hit.start(), hit.end(), hit.group()))
    return years


def _is_point(text: str, hit: re.Match[str], earlier_years: list[TextSpan[Span]]) -> bool:
    """Tell whether a year of two digits is one of the calendar."""
    lead, following = text[: hit.start()], text[hit.end() :]
    if hit["long"]:
        return True
    short = hit["short"]
    if short[0] in "0零〇" or (short.isdigit() and int(short) >= MAX_LENGTH_YEARS):
        return True
    if _PATTERNS["corrected_length"].search(lead):
        return False
    if _PATTERNS["relative_after"].match(following):
        return False
    if _PATTERNS["range_from_length"].search(lead) and not (
        earlier_years and earlier_years[-1].end >= hit.start() - 1
    ):
        return False  # 满10年到20年
    if earlier_years and _PATTERNS["range_joint"].search(text[earlier_years[-1].end : hit.start()]):
        return True  # 从08年交到23年
    if _PATTERNS["length_before_is"].search(lead) or _PATTERNS["length_after"].match(following):
        return False
    if _PATTERNS["point_before"].search(lead):
        return True
    if _PATTERNS["length_before"].search(lead):
        return False
    if hit["month"] or hit["year_part"] or _PATTERNS["point_after"].match(following):
        return True
    if not short.isdigit():  # 一五年 is no length; 一二年 and 七八年 are about so many years
        return _value(short[1]) != _value(short[0]) + 1
    to = _PATTERNS["range_to_year"].match(text, hit.end())
    return bool(
        to
        and _PATTERNS["clause_start"].search(lead)
        and not _PATTERNS["of_lengths"].match(text[to.end() :])
    )


def _span(hit: re.Match[str], today: date) -> Span | None:
    year = _year(hit, today)
    if hit["month"] is None:
        first, end = {"初": (1, 1), "底": (12, 12), "末": (12, 12)}.get(hit["year_part"], (1, 12))
        return Span(date(year, first, 1), date(year, end, 31))
    month = int(value(hit["month"]) or 0)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if hit["part"]:
        first, end = {"初": (1, 10), "中": (11, 20)}.get(hit["part"], (21, last))
        return Span(date(year, month, first), date(year, month, end))
    if hit["day"] is None:
        return Span(date(year, month, 1), date(year, month, last))
    day = int(value(hit["day"]) or 0)
    return Span(*(date(year, month, day),) * 2) if 1 <= day <= last else None


def _year(hit: re.Match[str], today: date) -> int:
    """Return the year of the calendar: 98 is 1998, 15 is 2015."""
    if hit["long"]:
        return int("".join(str(_value(char)) for char in hit["long"]))
    short = int("".join(str(_value(char)) for char in hit["short"]))
    century = today.year // 100 * 100
    return century + short if short <= today.year % 100 + MAX_YEARS_AHEAD else century - 100 + short


def _value(char: str) -> int:
    return int(char) if char.isdigit() and char.isascii() else max(_DIGIT.index(char) - 1, 0)
