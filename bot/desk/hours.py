"""When counsellors are at the desk. All hours are China's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from bot.clock import CHINA
from bot.desk.errors import OfficeHoursError
from bot.settings import settings
from bot.workdays import day_of

_FORM = re.compile(r"([1-7])-([1-7])\s{1,9}(\S.{0,200})")
_PERIOD = re.compile(r"\s{0,9}(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)\s{0,9}")
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class Period:
    """Hours without a break; `ends` does not belong to them."""

    begins: time
    ends: time


@dataclass(frozen=True)
class OfficeHours:
    """The days of the week and the hours; a day that China works instead of a holiday counts."""

    first: int = 1
    """Monday is 1."""
    last: int = 5
    periods: tuple[Period, ...] = (Period(time(8, 30), time(17, 0)),)
    """At least one, in order, not overlapping: the break between two is lunch."""

    @classmethod
    def read(cls, said: str) -> OfficeHours:
        """Read `1-5 8:30-17:00` or `1-5 8:30-11:30,13:00-17:00`.

        Raises OfficeHoursError for anything else.
        """
        found = _FORM.fullmatch(said.strip())
        if found is None:
            raise OfficeHoursError(said)
        periods = tuple(_period(one, said) for one in found[3].split(","))
        hours = cls(int(found[1]), int(found[2]), periods)
        in_order = all(a.ends <= b.begins for a, b in pairwise(periods))
        if hours.first > hours.last or not in_order:
            raise OfficeHoursError(said)
        return hours

    def are_on(self, day: date) -> bool:
        """Tell whether somebody is there on a day (holidays: bot/workdays.py)."""
        usual, kind = self.first <= day.isoweekday() <= self.last, day_of(day)
        if kind.free:
            return usual and not kind.holiday
        return usual or day.isoweekday() > 5

    def hold(self, moment: datetime) -> bool:
        """Tell whether somebody is there at a moment."""
        at = moment.astimezone(CHINA)
        open_now = any(one.begins <= at.time() < one.ends for one in self.periods)
        return open_now and self.are_on(at.date())

    def next_opening(self, moment: datetime) -> datetime:
        """Return when somebody comes next after a moment at which nobody is there."""
        at = moment.astimezone(CHINA)
        day = at.date()
        while True:
            begins = [datetime.combine(day, one.begins, CHINA) for one in self.periods]
            later = [one for one in begins if one > at]
            if later and self.are_on(day):
                return later[0]
            day += timedelta(days=1)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return the moment by which so much office time has passed since another one.

        An end that falls on closing time is that closing time, not the next opening.
        """
        at, left = start.astimezone(CHINA), span
        day = at.date()
        while True:
            for one in self.periods if self.are_on(day) else ():
                opens, shuts = (datetime.combine(day, t, CHINA) for t in (one.begins, one.ends))
                open_for = shuts - max(at, opens)
                if open_for <= timedelta():
                    continue
                if open_for >= left:
                    return max(at, opens) + left
                left -= open_for
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much office time lies between two moments."""
        start, end = start.astimezone(CHINA), end.astimezone(CHINA)
        total, day = timedelta(), start.date()
        while day <= end.date():
            for one in self.periods if self.are_on(day) else ():
                opens, shuts = (datetime.combine(day, at, CHINA) for at in (one.begins, one.ends))
                total += max(timedelta(), min(end, shuts) - max(start, opens))
            day += timedelta(days=1)
        return total


def _period(text: str, said: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise OfficeHoursError(said)
    hour, minute, until, until_minute = (int(one) for one in found.groups())
    try:
        period = Period(time(hour, minute), time(until, until_minute))
    except ValueError:
        raise OfficeHoursError(said) from None
    if period.begins >= period.ends:
        raise OfficeHoursError(said)
    return period


def office_hours() -> OfficeHours:
    """Return the office hours of the settings."""
    return OfficeHours.read(settings().office_hours)


def spoken(opening: datetime, now: datetime) -> str:
    """Return an opening as it is said: 今天8:30, 明天8:30, 10月9日（周五）8:30."""
    opening = opening.astimezone(CHINA)
    days = (opening.date() - now.astimezone(CHINA).date()).days
    near = {0: "今天", 1: "明天"}.get(days)
    day = near or f"{opening.month}月{opening.day}日（周{_DAYS[opening.weekday()]}）"
    return f"{day}{opening.hour}:{opening.minute:02d}"
