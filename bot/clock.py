"""The one clock: all that asks for the day or the time asks here, so that tests can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone

#: China has one time zone and no summer time.
CHINA = timezone(timedelta(hours=8))

_frozen: datetime | None = None


def now() -> datetime:
    """Return the present moment in China's time."""
    return _frozen or datetime.now(CHINA)


def today() -> date:
    """Return the present day in China: the day on which a policy is or is not in force."""
    return now().date()


def aware(moment: datetime) -> datetime:
    """Return a moment of the database with its zone: SQLite gives China's times back without."""
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


@contextmanager
def frozen(moment: datetime | date) -> Iterator[None]:
    """Hold the clock at a moment (a date means its noon) for the length of a test."""
    global _frozen
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=CHINA)
    previous, _frozen = _frozen, moment.astimezone(CHINA)
    try:
        yield
    finally:
        _frozen = previous
