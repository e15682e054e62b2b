"""Quiet hours of push: nights, and days on which China does not work.

All hours are China's, whatever time zone the host has. What a counsellor answers is no push.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.clock import CHINA
from bot.setting_types import HourSpan
from bot.settings import settings
from bot.workdays import day_of


class QuietHours(HourSpan):
    """The hours of the night; `begins` belongs to them, `ends` does not."""

    @classmethod
    def from_span(cls, span: HourSpan) -> QuietHours:
        """Return the quiet hours of a span."""
        return cls(span.begins, span.ends)

    def contain(self, moment: datetime) -> bool:
        """Tell whether a moment lies in the quiet hours."""
        hour = moment.astimezone(CHINA).hour
        if self.begins < self.ends:
            return self.begins <= hour < self.ends
        return hour >= self.begins or hour < self.ends


def quiet_hours() -> QuietHours:
    """Return the quiet hours of the settings."""
    return QuietHours.from_span(settings().push_quiet)


def is_working_day(day: date) -> bool:
    """Tell whether China works on a day (bot/workdays.py)."""
    return not day_of(day).free


def may_push(moment: datetime, hours: QuietHours) -> bool:
    """Tell whether something may be pushed at a moment."""
    return not hours.contain(moment) and is_working_day(moment.astimezone(CHINA).date())


def next_allowed(moment: datetime, hours: QuietHours) -> datetime:
    """Return the moment itself when something may be pushed, else the next whole hour that may."""
    candidate = moment.astimezone(CHINA)
    while not may_push(candidate, hours):
        candidate = candidate.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return candidate
