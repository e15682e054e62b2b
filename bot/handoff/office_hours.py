"""Office hours of the counsellors' desk. All hours are China's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import CHINA
from bot.setting_types import WorkingWeek
from bot.settings import settings
from bot.workdays import day_of

_DAYS = "一二三四五六日"


class OfficeHours(WorkingWeek):
    """The days of the week and the hours; a day that China works instead of a holiday counts."""

    @classmethod
    def from_week(cls, week: WorkingWeek) -> OfficeHours:
        """Return the office hours of a working week."""
        return cls(week.first, week.last, week.periods, week.on_holidays)

    def are_on(self, day: date) -> bool:
        """Tell whether the desk is open on a day (holidays: bot/workdays.py)."""
        usual, kind = self.first <= day.isoweekday() <= self.last, day_of(day)
        if kind.free:
            return usual and (self.on_holidays or not kind.holiday)
        return usual or day.isoweekday() > 5

    def are_open(self, moment: datetime) -> bool:
        """Tell whether the desk is open at a moment."""
        local = moment.astimezone(CHINA)
        open_now = any(period.begins <= local.time() < period.ends for period in self.periods)
        return open_now and self.are_on(local.date())

    def next_opening(self, moment: datetime) -> datetime:
        """Return the next opening after a moment at which the desk is closed."""
        local = moment.astimezone(CHINA)
        day = local.date()
        while True:
            begins = [datetime.combine(day, period.begins, CHINA) for period in self.periods]
            later = [opening for opening in begins if opening > local]
            if later and self.are_on(day):
                return later[0]
            day += timedelta(days=1)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Return the moment by which so much office time has passed since another one.

        An end that falls on closing time is that closing time, not the next opening.
        """
        local, remaining = start.astimezone(CHINA), span
        day = local.date()
        while True:
            for period in self.periods if self.are_on(day) else ():
                opens, shuts = (
                    datetime.combine(day, t, CHINA) for t in (period.begins, period.ends)
                )
                open_for = shuts - max(local, opens)
                if open_for <= timedelta():
                    continue
                if open_for >= remaining:
                    return max(local, opens) + remaining
                remaining -= open_for
            day += timedelta(days=1)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much office time lies between two moments."""
        start, end = start.astimezone(CHINA), end.astimezone(CHINA)
        total, day = timedelta(), start.date()
        while day <= end.date():
            for period in self.periods if self.are_on(day) else ():
                opens, shuts = (
                    datetime.combine(day, clock_time, CHINA)
                    for clock_time in (period.begins, period.ends)
                )
                total += max(timedelta(), min(end, shuts) - max(start, opens))
            day += timedelta(days=1)
        return total


def office_hours() -> OfficeHours:
    """Return the office hours of the settings."""
    return OfficeHours.from_week(settings().office_hours)


def opening_text(opening: datetime, now: datetime) -> str:
    """Return an opening in words: 今天8:30, 明天8:30, 10月9日（周五）8:30."""
    opening = opening.astimezone(CHINA)
    days = (opening.date() - now.astimezone(CHINA).date()).days
    relative_day = {0: "今天", 1: "明天"}.get(days)
    day = relative_day or f"{opening.month}月{opening.day}日（周{_DAYS[opening.weekday()]}）"
    return f"{day}{opening.hour}:{opening.minute:02d}"
