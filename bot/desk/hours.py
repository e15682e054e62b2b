"""When counsellors are at the desk. All hours are China's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import chinese_calendar

from bot.clock import CHINA
from bot.desk.errors import OfficeHoursError
from bot.settings import settings

_FORM = re.compile(r"\s*([1-7])-([1-7])\s+(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)\s*")
_DAYS = "一二三四五六日"


@dataclass(frozen=True)
class OfficeHours:
    """The days of the week and the hours; a day that China works instead of a holiday counts."""

    first: int = 1
    """Monday is 1."""
    last: int = 5
    begins: time = time(8, 30)
    ends: time = time(17, 0)

    @classmethod
    def read(cls, said: str) -> OfficeHours:
        """Read `1-5 8:30-17:00`; raises OfficeHoursError for anything else."""
        found = _FORM.fullmatch(said)
        if found is None:
            raise OfficeHoursError(said)
        first, last, *at = (int(one) for one in found.groups())
        try:
            hours = cls(first, last, time(at[0], at[1]), time(at[2], at[3]))
        except ValueError:
            raise OfficeHoursError(said) from None
        if hours.first > hours.last or hours.begins >= hours.ends:
            raise OfficeHoursError(said)
        return hours

    def are_on(self, day: date) -> bool:
        """Tell whether somebody is there on a day.

        Holidays and the days worked instead: the State Council's yearly notice, as chinesecalendar
        has it. For a year that it does not know yet only the day of the week counts.
        """
        usual = self.first <= day.isoweekday() <= self.last
        try:
            free, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            return usual
        if free:
            return usual and name is None
        return usual or day.isoweekday() > 5

    def hold(self, moment: datetime) -> bool:
        """Tell whether somebody is there at a moment."""
        at = moment.astimezone(CHINA)
        return self.are_on(at.date()) and self.begins <= at.time() < self.ends

    def next_opening(self, moment: datetime) -> datetime:
        """Return when somebody comes next after a moment at which nobody is there."""
        at = moment.astimezone(CHINA)
        day = at.date() if at.time() < self.begins else at.date() + timedelta(days=1)
        while not self.are_on(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.begins, CHINA)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much office time lies between two moments."""
        start, end = start.astimezone(CHINA), end.astimezone(CHINA)
        total, day = timedelta(), start.date()
        while day <= end.date():
            if self.are_on(day):
                opens, shuts = (datetime.combine(day, at, CHINA) for at in (self.begins, self.ends))
                total += max(timedelta(), min(end, shuts) - max(start, opens))
            day += timedelta(days=1)
        return total


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
