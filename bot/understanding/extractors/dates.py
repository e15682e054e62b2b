"""Read dates: 明天, 下周三, 12月1号, 2024年3月, 去年十月, 15年入职, 月底, 春节前, 三天内,
三年前, 上个月20号.

Each is a span of days. Years of two digits are read by bot/understanding/extractors/years.py,
holidays by bot/understanding/extractors/holidays.py.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from bot.text.chinese_numbers import value
from bot.text.overlap import Span
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan
from bot.understanding.extractors import holidays, years

_PATTERNS = patterns("dates")
#: Years ago beyond which no question goes.
_MAX_YEARS_AGO = 60
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2, "头年": -1}
_DAYS = {
    "大前天": -3, "前天": -2, "前儿": -2, "昨天": -1, "昨儿": -1, "今天": 0, "今儿": 0,
    "明天": 1, "明儿": 1, "后天": 2, "后儿": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {**{c: n for n, c in enumerate("一二三四五六")}, "日": 6, "天": 6, "末": 5}


def extract(text: str, today: date) -> list[TextSpan[Span]]:
    """Return the dates of a normalised message; what is relative counts from `today`."""
    spans: list[TextSpan[Span]] = []
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Span | None]], ...] = (
        (_PATTERNS["within"], _within),
        (_PATTERNS["ago"], _ago),
        (_PATTERNS["part_of_month"], _part),
        (_PATTERNS["full_date"], _full),
        (_PATTERNS["weekday"], _week),
        (_PATTERNS["relative_month"], _month),
        (re.compile("|".join(sorted(_DAYS, key=len, reverse=True))), _day),
        (_PATTERNS["part_of_year"], _year_end),
        (_PATTERNS["year_only"], _year),
    )
    spans.extend(years.extract(text, today))
    for holiday in holidays.extract(text, today):
        if _overlaps_none(spans, holiday.start, holiday.end):
            spans.append(holiday)
    for pattern, reading in readers:
        for hit in pattern.finditer(text):
            span = reading(hit, today)
            if span and _overlaps_none(spans, hit.start(), hit.end()):
                spans.append(
                    _span_until(text, TextSpan(span, hit.start(), hit.end(), hit.group()), today)
                )
    return sorted(spans, key=lambda span: span.start)


def _overlaps_none(spans: Iterable[TextSpan[Span]], start: int, end: int) -> bool:
    return all(end <= span.start or span.end <= start for span in spans)


def _span_until(text: str, date_: TextSpan[Span], today: date) -> TextSpan[Span]:
    """Return 月底前 as the time from today on until then; other dates as they are."""
    hit = _PATTERNS["until"].match(text, date_.end)
    if hit is None or date_.value.last <= today or not date_.text.endswith(("底", "末")):
        return date_
    return TextSpan(
        Span(today, date_.value.last), date_.start, hit.end(), text[date_.start : hit.end()]
    )


def _within(hit: re.Match[str], today: date) -> Span | None:
    number = value(hit["number"])
    days = int(number or 0) * (1 if hit["unit"] in "天日" else 7)
    return Span(today, today + timedelta(days=days)) if days else None


def _ago(hit: re.Match[str], today: date) -> Span | None:
    """Return the year, month, week or day that is so long ago."""
    number = 0.5 if hit["number"] == "半" else value(hit["number"]) or 0
    if hit["unit"] == "年" and number >= 1:
        year = today.year - int(number)
        return Span(date(year, 1, 1), date(year, 12, 31)) if number <= _MAX_YEARS_AGO else None
    if hit["unit"] in ("年", "个月"):
        months = (
            today.year * 12 + today.month - 1 - round(number * (12 if hit["unit"] == "年" else 1))
        )
        return _whole_month(*divmod(months, 12)) if number else None
    if number < 1:
        return None
    day = today - timedelta(days=int(number) * (1 if hit["unit"] == "天" else 7))
    return Span(day, day)


def _whole_month(year: int, month_index: int) -> Span:
    """Return a month of a year by its index: 0 is January."""
    month = month_index + 1
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _part(hit: re.Match[str], today: date) -> Span | None:
    year = int(hit["year"]) if hit["year"] else today.year + _YEARS.get(hit["said"] or "", 0)
    month = int(value(hit["month"]) or 0) if hit["month"] else today.month
    return _part_of_month(year, month, hit["part"]) if 1 <= month <= 12 else None


def _part_of_month(year: int, month: int, part: str) -> Span:
    """Return the first ten days of a month (初), the next ten (中) or the rest (底, 末)."""
    last = calendar.monthrange(year, month)[1]
    first, end = {"初": (1, 10), "上": (1, 10), "中": (11, 20)}.get(part[0], (21, last))
    return Span(date(year, month, first), date(year, month, end))


def _year_end(hit: re.Match[str], today: date) -> Span | None:
    year = today.year + _YEARS.get(hit["said"] or "", 0)
    if hit["part"] == "初":
        return Span(date(year, 1, 1), date(year, 1, 31))
    return Span(date(year, 12, 1), date(year, 12, 31))


def _full(hit: re.Match[str], today: date) -> Span | None:
    year = int(hit["year"]) if hit["year"] else today.year + _YEARS.get(hit["said"] or "", 0)
    month, day = value(hit["month"]), value(hit["day"]) if hit["day"] else None
    if not month or not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, int(month))[1]
    if day is None:
        # 3月 alone may be a length of time (交了3月); 3月份 and a stated year are a date.
        if not (hit["year"] or hit["said"] or hit.group().endswith("份")):
            return None
        return Span(date(year, int(month), 1), date(year, int(month), last))
    if not 1 <= day <= last:
        return None
    return Span(*(date(year, int(month), int(day)),) * 2)


def _week(hit: re.Match[str], today: date) -> Span | None:
    weeks = {"上": -1, "下": 1, "下下": 2}.get(hit["which"] or "", 0)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    first = monday + timedelta(days=_WEEKDAYS[hit["day"]])
    return Span(first, first + timedelta(days=1 if hit["day"] == "末" else 0))


def _month(hit: re.Match[str], today: date) -> Span | None:
    moved = today.month - 1 + {"上": -1, "下": 1}.get(hit["which"], 0)
    year, month = today.year + moved // 12, moved % 12 + 1
    if hit["part"]:
        return _part_of_month(year, month, hit["part"])
    month_span = _whole_month(year, month - 1)
    if hit["day"]:
        day = int(value(hit["day"]) or 0)
        return Span(*(date(year, month, day),) * 2) if 1 <= day <= month_span.last.day else None
    return month_span


def _day(hit: re.Match[str], today: date) -> Span | None:
    day = today + timedelta(days=_DAYS[hit.group()])
    return Span(day, day)


def _year(hit: re.Match[str], today: date) -> Span | None:
    year = int(hit["year"]) if hit["year"] else today.year + _YEARS[hit["said"]]
    return Span(date(year, 1, 1), date(year, 12, 31))
