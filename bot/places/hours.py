"""Opening hours as offices write them: several periods a day, monthly exceptions, single days.

`周一至周五 8:30-11:30、13:00-17:00；周六 9:00-12:00；每月第一个周二下午不办公；2026-12-31 休息`.
Public holidays are closed unless 节假日不休 is written; a weekend day that China works instead of
a holiday has the hours of a Monday (bot/workdays.py). All times are China's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.rrule import rrulestr

from bot.caches import process_cache
from bot.clock import CHINA
from bot.places.errors import HoursError
from bot.text.pattern_file import patterns
from bot.workdays import day_of

_DAYS = {day: n for n, day in enumerate("一二三四五六日")} | {"天": 6}
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ALL, _WORKING, _WEEKEND = tuple(range(7)), tuple(range(5)), (5, 6)
_PATTERNS = patterns("opening_hours")
_PERIOD, _DATE, _SEASON = _PATTERNS["period"], _PATTERNS["date"], _PATTERNS["season"]
_WEEKDAY_RANGE, _WEEKDAY_LIST = _PATTERNS["weekday_range"], _PATTERNS["weekday_list"]
_NTH_WEEKDAY, _MONTH_DAYS = _PATTERNS["nth_weekday"], _PATTERNS["month_days"]
_CLOSED, _ROUND_THE_CLOCK = _PATTERNS["closed"], _PATTERNS["round_the_clock"]
_HOLIDAYS, _OPEN_ON_HOLIDAYS = _PATTERNS["holidays"], _PATTERNS["open_on_holidays"]
_DAY_GROUPS = (
    (_PATTERNS["every_day"], _ALL),
    (_PATTERNS["workdays"], _WORKING),
    (_PATTERNS["weekends"], _WEEKEND),
)
#: How far ahead the next opening is looked for.
_AHEAD = 60


@dataclass(frozen=True, order=True)
class OpeningPeriod:
    """A time of day without a break; `ends` does not belong to it, None is midnight."""

    begins: time
    ends: time | None

    def holds(self, time_of_day: time) -> bool:
        """Tell whether a time of day lies in it."""
        return self.begins <= time_of_day and (self.ends is None or time_of_day < self.ends)


WHOLE = OpeningPeriod(time(0), None)
_HALVES = {"上午": OpeningPeriod(time(0), time(12)), "下午": OpeningPeriod(time(12), None)}


@dataclass(frozen=True)
class OpeningRule:
    """On the days of an RRULE, within a season, some periods are open or shut."""

    rrule: str
    opens: bool
    periods: tuple[OpeningPeriod, ...]
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    """First and last month and day; it may run over the end of the year."""

    def names(self, day: date) -> bool:
        """Tell whether a day is one of its days."""
        return day.day in _days(self.rrule, day.year, day.month) and self._in_season(day)

    def _in_season(self, day: date) -> bool:
        if self.season is None:
            return True
        first, last = self.season
        month_day = (day.month, day.day)
        return (
            first <= month_day <= last if first <= last else month_day >= first or month_day <= last
        )


@dataclass(frozen=True)
class OpeningHours:
    """Opening hours of a place."""

    rules: tuple[OpeningRule, ...]
    days: Mapping[date, tuple[OpeningPeriod, ...]] = field(default_factory=dict)
    """Single days with hours of their own, none where it is closed."""
    on_holidays: bool = False

    def periods(self, day: date) -> tuple[OpeningPeriod, ...]:
        """Return when it is open on a day, in order; empty when it is not."""
        if day in self.days:
            return self.days[day]
        kind = day_of(day)
        if kind.holiday and not self.on_holidays:
            return ()
        worked = not kind.free and day.weekday() >= 5 and not self.on_holidays
        weekly = day - timedelta(days=day.weekday()) if worked else day
        opened = {
            period
            for rule in self.rules
            if rule.opens and rule.names(weekly)
            for period in rule.periods
        }
        for rule in self.rules:
            if not rule.opens and rule.names(day):
                opened = {
                    remaining
                    for opened_period in opened
                    for remaining in _without(opened_period, rule.periods)
                }
        return _joined(opened)

    def is_open(self, moment: datetime) -> bool:
        """Tell whether it is open at a moment."""
        local_time = moment.astimezone(CHINA)
        return any(period.holds(local_time.time()) for period in self.periods(local_time.date()))

    def closes(self, moment: datetime) -> time | None:
        """Return when the period ends that a moment lies in; None at midnight or when closed."""
        local_time = moment.astimezone(CHINA)
        return next(
            (p.ends for p in self.periods(local_time.date()) if p.holds(local_time.time())), None
        )

    def next_opening(self, moment: datetime) -> datetime | None:
        """Return when it opens next after a moment; None when not within sixty days."""
        local_time = moment.astimezone(CHINA)
        for days in range(_AHEAD):
            day = local_time.date() + timedelta(days=days)
            for period in self.periods(day):
                opening = datetime.combine(day, period.begins, CHINA)
                if opening > local_time:
                    return opening
        return None


@process_cache(size=8192)
def read_hours(text: str) -> OpeningHours:
    """Read opening hours; raises HoursError with the part that cannot be read."""
    plain = re.sub(r"[–—－―]", "-", unicodedata.normalize("NFKC", text)).replace("~", "-")
    plain = re.sub(r"[ \t]+", " ", plain)
    rules: list[OpeningRule] = []
    days: dict[date, tuple[OpeningPeriod, ...]] = {}
    for part in _PATTERNS["part_end"].split(plain):
        part = part.strip(" ,、")
        if part:
            _add_part(part, rules, days)
    if not rules and not days:
        raise HoursError(text)
    return OpeningHours(tuple(rules), days, bool(_OPEN_ON_HOLIDAYS.search(plain)))


def _add_part(
    part: str, rules: list[OpeningRule], days: dict[date, tuple[OpeningPeriod, ...]]
) -> None:
    """Add what one part of a text says."""
    if (
        _OPEN_ON_HOLIDAYS.search(part)
        and not _PERIOD.search(part)
        and not _ROUND_THE_CLOCK.search(part)
    ):
        return
    if _HOLIDAYS.search(part) and _CLOSED.search(part) and not _PERIOD.search(part):
        return  # as everywhere
    dated = [date(int(y), int(m), int(d)) for y, m, d in _DATE.findall(part)]
    rest, season = _season(_DATE.sub(" ", part), part)
    periods, rest = _periods(rest, part)
    shut = _CLOSED.search(rest)
    if dated:
        if not periods and not shut:
            raise HoursError(part)
        days.update(dict.fromkeys(dated, _joined(set(periods))))
        return
    rule, rest = _rrule(rest)
    if shut:
        half = next((p for word, p in _HALVES.items() if word in rest), WHOLE)
        rest = _CLOSED.sub("", _PATTERNS["closed_reason"].sub("", rest))
        rules.append(OpeningRule(rule or _unread(part), False, periods or (half,), season))
    elif periods:
        always = _weekly(_ALL) if periods == (WHOLE,) else _unread(part) if not rule else ""
        rules.append(OpeningRule(rule or always, True, periods, season))
    else:
        raise HoursError(part)
    rest = _OPEN_ON_HOLIDAYS.sub("", _PATTERNS["season_name"].sub("", rest))
    if not _PATTERNS["filler"].fullmatch(rest):
        raise HoursError(part)


def _unread(part: str) -> str:
    raise HoursError(part)


def _season(text: str, part: str) -> tuple[str, tuple[tuple[int, int], tuple[int, int]] | None]:
    """Return a text without its season, and the season."""
    hit = _SEASON.search(text)
    if hit is None:
        return text, None
    a, b, c, d = (int(number) for number in hit.groups())
    try:
        date(2024, a, b), date(2024, c, d)
    except ValueError:
        raise HoursError(part) from None
    return _SEASON.sub(" ", text), ((a, b), (c, d))


def _periods(text: str, part: str) -> tuple[tuple[OpeningPeriod, ...], str]:
    """Return the periods of a part, and the part without them."""
    periods: list[OpeningPeriod] = []
    half = ""
    for hit in _PERIOD.finditer(text):
        half = hit[1] or half
        begins, ends = _time(half, hit[2], hit[3], part), None
        half = hit[4] or half
        if (hit[5], hit[6]) != ("24", "00"):
            ends = _time(half, hit[5], hit[6], part)
            if ends <= begins and ends < time(12):
                ends = time(ends.hour + 12, ends.minute)
            if ends <= begins:
                raise HoursError(part)
        periods.append(OpeningPeriod(begins, ends))
    rest = _PERIOD.sub(" ", text)
    if _ROUND_THE_CLOCK.search(rest) and not _CLOSED.search(rest):
        periods.append(WHOLE)
        rest = _ROUND_THE_CLOCK.sub(" ", rest)
    return tuple(periods), rest


def _time(half: str, hour: str, minute: str | None, part: str) -> time:
    minutes = 30 if minute == "半" else int(minute or 0)
    hours = int(hour) + (12 if half in ("下午", "晚", "晚上") and int(hour) < 12 else 0)
    if hours > 23 or minutes > 59:
        raise HoursError(part)
    return time(hours, minutes)


def days_rule(text: str) -> str | None:
    """Return the RRULE of the days that a text names (每周六, 每月第一个周三); None for none."""
    return _rrule(_PATTERNS["every_week"].sub("", text))[0]


def _rrule(text: str) -> tuple[str | None, str]:
    """Return the RRULE of the days that a part names, None for none, and the rest of the part."""
    monthly = _NTH_WEEKDAY.search(text)
    if monthly:
        nth = -1 if monthly[2] else "一二三四".index(monthly[1]) + 1
        rule = f"FREQ=MONTHLY;BYDAY={nth}{_CODES[_DAYS[monthly[3]]]}"
        return rule, _NTH_WEEKDAY.sub("", text, count=1)
    of_month = _MONTH_DAYS.search(text)
    if of_month:
        numbers = re.findall(r"\d{1,2}", of_month[1])
        return f"FREQ=MONTHLY;BYMONTHDAY={','.join(numbers)}", _PATTERNS["day_unit"].sub(
            "", text.replace(of_month[0], "", 1).strip()
        )
    days: set[int] = set()
    for pattern, weekdays in _DAY_GROUPS:
        if pattern.search(text):
            days.update(weekdays)
            text = pattern.sub("", text)
    for hit in _WEEKDAY_RANGE.finditer(text):
        first, last = _DAYS[hit[1]], _DAYS[hit[2]]
        days.update(
            range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
        )
    text = _WEEKDAY_RANGE.sub("", text)
    for hit in _WEEKDAY_LIST.finditer(text):
        days.update(_DAYS[weekday] for weekday in hit[1] if weekday in _DAYS)
    return (_weekly(sorted(days)) if days else None), _WEEKDAY_LIST.sub("", text)


def _weekly(days: tuple[int, ...] | list[int]) -> str:
    return f"FREQ=WEEKLY;BYDAY={','.join(_CODES[day] for day in days)}"


@process_cache(size=4096)
def _days(rule: str, year: int, month: int) -> frozenset[int]:
    """Return the days of a month that a rule names."""
    first = datetime(year, month, 1)
    after = datetime(year + month // 12, month % 12 + 1, 1)
    moments = rrulestr(rule, dtstart=first).between(first, after, inc=True)
    return frozenset(moment.day for moment in moments if moment.month == month)


def _without(period: OpeningPeriod, out: tuple[OpeningPeriod, ...]) -> list[OpeningPeriod]:
    """Return what is left of a period without others."""
    remaining = [period]
    for hole in out:
        pieces = []
        for piece in remaining:
            if hole.begins > piece.begins:
                ends = hole.begins if piece.ends is None else min(piece.ends, hole.begins)
                pieces.append(OpeningPeriod(piece.begins, ends))
            if hole.ends is not None and (piece.ends is None or hole.ends < piece.ends):
                pieces.append(OpeningPeriod(max(piece.begins, hole.ends), piece.ends))
        remaining = pieces
    return remaining


def _joined(periods: set[OpeningPeriod]) -> tuple[OpeningPeriod, ...]:
    """Return periods in order, those that overlap or touch as one."""
    joined: list[OpeningPeriod] = []
    for period in sorted(periods, key=lambda p: p.begins):
        last = joined[-1] if joined else None
        if last is None or (last.ends is not None and period.begins > last.ends):
            joined.append(period)
        elif last.ends is not None and (period.ends is None or period.ends > last.ends):
            joined[-1] = OpeningPeriod(last.begins, period.ends)
    return tuple(joined)
