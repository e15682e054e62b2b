"""Months as their first days."""

from __future__ import annotations

from datetime import date, timedelta


def month_number(day: date) -> int:
    """Return the months since year 0."""
    return 12 * day.year + day.month - 1


def month_of(number: int) -> date:
    """Return the first day of a month by its number."""
    return date(number // 12, number % 12 + 1, 1)


def months_before(month: date, count: int) -> date:
    """Return the first day of the month some months before; after, for a negative count."""
    return month_of(month_number(month) - count)


def last_day(month: date) -> date:
    """Return the last day of a month."""
    return months_before(month, -1) - timedelta(days=1)
