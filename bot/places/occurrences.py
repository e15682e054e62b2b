"""The days on which a fair takes place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from dateutil.rrule import rrulestr

from bot.clock import CHINA
from bot.db.comma_lists import split
from bot.db.tables import Fair


@dataclass(frozen=True)
class Occurrence:
    """A fair on one of its days."""

    fair: Fair
    begins: datetime
    ends: datetime

    @property
    def day(self) -> date:
        """The day in China."""
        return self.begins.astimezone(CHINA).date()


def occurrences(fair: Fair, first: date, last: date) -> list[Occurrence]:
    """Return when a fair takes place from one day to another, both included, in order."""
    begins, ends = fair.starts_at.astimezone(CHINA), fair.ends_at.astimezone(CHINA)
    start = begins.date()
    days = [start]
    if fair.rule:
        # The rule names the days; a first day that it does not name is no occurrence of its own.
        rule = rrulestr(fair.rule, dtstart=datetime.combine(start, time()))
        after, end = datetime.combine(first, time()), datetime.combine(last, time())
        days = [moment.date() for moment in rule.between(after, end, inc=True)]
    excluded = {date.fromisoformat(day_text) for day_text in split(fair.left_out)}
    return [
        Occurrence(
            fair,
            datetime.combine(day, begins.timetz()),
            datetime.combine(day, ends.timetz()),
        )
        for day in days
        if first <= day <= last and day not in excluded
    ]
