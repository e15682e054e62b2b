"""Read dates: 明天, 这周末, 下周三, 12月1号, 2024年3月, 去年十月. Each is a span of days."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.text.found import Found
from bot.text.numbers import value

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2, "头年": -1}
_DAYS = {
    "大前天": -3, "前天": -2, "前儿": -2, "昨天": -1, "昨儿": -1, "今天": 0, "今儿": 0,
    "明天": 1, "明儿": 1, "后天": 2, "后儿": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {**{c: n for n, c in enumerate("一二三四五六")}, "日": 6, "天": 6, "末": 5}
_FULL = re.compile(
    rf"(?:(?P<year>(?:19|20)\d\d)年?[年./-]|(?P<said>{'|'.join(_YEARS)})的?)?"
    rf"(?P<month>{_N})(?:月(?!薪|嫂|子|供)份?|(?<=\d)[./-](?=\d))(?:(?P<day>{_N})(?:号|日|(?!\d|[十百千万]|年|个)))?"
)
_YEAR_ONLY = re.compile(rf"(?P<year>(?:19|20)\d\d)年(?!薪)|(?P<said>{'|'.join(_YEARS)})")
_WEEK = re.compile(r"(?P<which>这|本|下下?|上)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])")
_MONTH = re.compile(r"(?P<which>这|本|下|上)个?月")


@dataclass(frozen=True)
class Span:
    """The days that a date means: one day, or a whole month or year."""

    first: date
    last: date


def read(text: str, today: date) -> list[Found[Span]]:
    """Return the dates of a normalised message; what is relative counts from `today`."""
    found: list[Found[Span]] = []
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Span | None]], ...] = (
        (_FULL, _full),
        (_WEEK, _week),
        (_MONTH, _month),
        (re.compile("|".join(sorted(_DAYS, key=len, reverse=True))), _day),
        (_YEAR_ONLY, _year),
    )
    for pattern, reading in readers:
        for hit in pattern.finditer(text):
            span = reading(hit, today)
            if span and all(hit.end() <= f.start or f.end <= hit.start() for f in found):
                found.append(Found(span, hit.start(), hit.end(), hit.group()))
    return sorted(found, key=lambda one: one.start)


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
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _day(hit: re.Match[str], today: date) -> Span | None:
    day = today + timedelta(days=_DAYS[hit.group()])
    return Span(day, day)


def _year(hit: re.Match[str], today: date) -> Span | None:
    year = int(hit["year"]) if hit["year"] else today.year + _YEARS[hit["said"]]
    return Span(date(year, 1, 1), date(year, 12, 31))
