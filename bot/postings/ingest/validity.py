"""Dates of a posting: publication day and last day of validity.

Of a range the last day counts; an instant of another zone is a day of China's; what leaves out
its year is the nearest such day. A spreadsheet's serial number and a feed's seconds are days too.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bot.clock import CHINA
from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns
from bot.understanding.extractors import holidays

_PATTERNS = patterns("posting_days")

#: Days that are believed; others are a fault of writing or of reading.
_EARLIEST_DAY, _LATEST_DAY = date(2000, 1, 1), date(2099, 12, 31)
#: Day 0 of a spreadsheet's calendar, as it counts since 1900-03-01.
_SERIAL_EPOCH = date(1899, 12, 30)
#: A day without its year lies at most so far back.
_MAX_PAST = timedelta(days=180)

_INSTANT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)[t\s](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(z|utc|gmt|[+-]\d\d(?::?\d\d)?)$"
)
_MAIL = re.compile(r"(?:[a-z]{3},?\s)?\d{1,2}\s[a-z]{3}\s\d{4}\s\d\d:\d\d")
_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class LastDay:
    """The last day on which a posting is valid."""

    day: date | None = None
    """The last day; None when it has none, or none could be read."""
    unread: bool = False
    """True when something is stated that could not be read."""


def last_day(text: str, reference: date) -> LastDay:
    """Return the last day that a cell states; what is relative counts from `reference`."""
    if not text.strip():
        return LastDay()
    dates = _dates(text, reference)
    ends = [dated.last for dated in dates if not dated.begins]
    if ends:
        return LastDay(max(ends))
    plain = _plain(text)
    holiday = max((dated.value.last for dated in holidays.extract(plain, reference)), default=None)
    if holiday:
        return LastDay(holiday)
    length = _PATTERNS["length_of_time"].search(plain)
    if length:
        return LastDay(_end_of_length(dates[0].first if dates else reference, length))
    if _PATTERNS["year_end"].search(plain):
        return LastDay(date(reference.year, 12, 31))
    if _PATTERNS["month_end"].search(plain):
        span = _month_span(reference.year, reference.month, None, None)
        return LastDay(span[1] if span else None)
    return LastDay(unread=not dates and _PATTERNS["open_end"].search(plain) is None)


def published(text: str, today: date) -> date | None:
    """Return the day on which a posting was published, None when it states none."""
    dates = _dates(text, today, past=True) if text.strip() else []
    return dates[0].first if dates else None


@dataclass(frozen=True)
class _Dated:
    """A date of a cell."""

    first: date
    last: date
    """Differs from the first for a month or a year."""
    begins: bool = False
    """True for 11月1日起: a first day, no last."""


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text[:200]).lower().strip()
    plain = re.sub(r"[~—–−﹣―‐‑‒﹘〜∼˜⁓〰─━]", "-", plain)
    return _PATTERNS["chinese_numeral"].sub(lambda hit: _digits(hit.group()), plain)


def _digits(number: str) -> str:
    """Write a number in figures: 二〇二六 is 2026, 十二 is 12."""
    if len(number) == 4 or "〇" in number:
        return "".join(
            str("零一二三四五六七八九".index(char.replace("〇", "零"))) if char != "十" else ""
            for char in number
        )
    amount = value(number)
    return number if amount is None else str(int(amount))


def _dates(text: str, reference: date, past: bool = False) -> list[_Dated]:
    """Return the dates in a cell, in their order."""
    plain = _plain(text)
    moment = _moment(plain)
    if moment is not None:
        return [_Dated(moment, moment)] if _EARLIEST_DAY <= moment <= _LATEST_DAY else []
    plain = _PATTERNS["clock_time"].sub(" ", plain)
    dates: list[_Dated] = []
    for hit in _PATTERNS["date"].finditer(plain):
        span = _span(hit, reference, dates[-1].last if dates else None, past)
        if span is None:
            continue
        rest = plain[hit.end() :]
        dates.append(_Dated(*span, begins=_PATTERNS["first_day"].match(rest) is not None))
        same_month = _PATTERNS["range_end"].match(rest)
        if same_month and (hit["day"] or hit["d"]):
            end = _valid(span[1].year, span[1].month, int(same_month[1]))
            dates += [_Dated(end, end)] if end else []
    return [dated for dated in dates if dated.first >= _EARLIEST_DAY and dated.last <= _LATEST_DAY]


def _moment(plain: str) -> date | None:
    """Return the day in China of an instant: ISO 8601 or mail, with a zone; seconds; a serial."""
    number = re.fullmatch(r"(\d{5,13})(?:\.\d{1,9})?", plain)
    if number:
        return _numbered(int(number[1]))
    hit = _INSTANT.search(plain)
    try:
        if hit:
            zone = hit[7]
            iso = f"{hit[1]}-{hit[2]}-{hit[3]}T{hit[4]}:{hit[5]}:{hit[6] or '00'}"
            offset = (
                "+00:00" if zone[0] not in "+-" else f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
            )
            return datetime.fromisoformat(iso + offset).astimezone(CHINA).date()
        if _MAIL.match(plain):
            moment = parsedate_to_datetime(plain)
            return (
                (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(CHINA).date()
            )
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return None


def _numbered(number: int) -> date | None:
    """Return the day that a bare number means: days since 1900, seconds or milliseconds."""
    if 36_526 <= number <= 73_050:
        return _SERIAL_EPOCH + timedelta(days=number)
    if 10**12 <= number < 10**13:
        number //= 1000
    if 946_684_800 <= number < 4_102_444_800:
        return datetime.fromtimestamp(number, timezone.utc).astimezone(CHINA).date()
    return None


def _span(
    hit: re.Match[str], reference: date, previous: date | None, past: bool
) -> tuple[date, date] | None:
    if hit["compact"]:
        text = hit["compact"]
        return _single_day_span(_valid(int(text[:4]), int(text[4:6]), int(text[6:])))
    if hit["last_y"]:
        return _single_day_span(_valid(int(hit["last_y"]), int(hit["last_m"]), int(hit["last_d"])))
    if hit["only_year"]:
        return date(int(hit["only_year"]), 1, 1), date(int(hit["only_year"]), 12, 31)
    if hit["year"]:
        year = int(hit["year"]) + (2000 if len(hit["year"]) == 2 else 0)
        return _month_span(year, int(hit["month"]), hit["day"], hit["part"])
    month = int(hit["m"] or hit["month_only"])
    if hit["month_only"] and not (hit["part"] or hit.group().endswith(("月", "份"))):
        return None
    return _nearest(month, hit["d"], hit["part"], reference, previous, past)


def _nearest(
    month: int,
    day: str | None,
    part: str | None,
    reference: date,
    previous: date | None,
    past: bool,
) -> tuple[date, date] | None:
    """Return a date without a year: the first after the previous date, or the nearest to now."""
    if previous is not None:
        span = _month_span(previous.year, month, day, part)
        return (
            _month_span(previous.year + 1, month, day, part)
            if span and span[1] < previous
            else span
        )
    span = _month_span(reference.year, month, day, part)
    if span is None:
        return None
    if past:
        return _month_span(reference.year - 1, month, day, part) if span[0] > reference else span
    late = span[1] < reference - _MAX_PAST
    return _month_span(reference.year + 1, month, day, part) if late else span


def _month_span(
    year: int, month: int, day: str | None, part: str | None
) -> tuple[date, date] | None:
    if not 1 <= month <= 12:
        return None
    if day:
        return _single_day_span(_valid(year, month, int(day)))
    last = calendar.monthrange(year, month)[1]
    end = {"上旬": 10, "初": 10, "中旬": 20}.get(part or "", last)
    return date(year, month, 1), date(year, month, end)


def _single_day_span(day: date | None) -> tuple[date, date] | None:
    return (day, day) if day else None


def _valid(year: int, month: int, day: int) -> date | None:
    """Return a day; 11月31日 is the month's last, 13月 or 40日 is none."""
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1900 <= year <= 2200):
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _end_of_length(reference: date, length: re.Match[str]) -> date:
    """Return the last day of a length of time from a day on: 30天, 一个月内, 半年."""
    number = 0.5 if length["n"] == "半" else value(length["n"]) or 1
    unit = length["unit"]
    if "月" in unit or "年" in unit:
        months = reference.month - 1 + max(1, round(number * (12 if "年" in unit else 1)))
        year, month = reference.year + months // 12, months % 12 + 1
        return date(year, month, min(reference.day, calendar.monthrange(year, month)[1]))
    days = number * (7 if "周" in unit or "星期" in unit else 1.4 if "工作" in unit else 1)
    return reference + timedelta(days=round(days))
