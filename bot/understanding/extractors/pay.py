"""Stated pay, and its conversion to yuan a month.

A day's pay counts 21.75 days a month and an hour's 8 hours a day (人社部发〔2025〕2号: 月计薪天数
21.75 天). Extra months of pay (13薪) are kept apart and not mixed into the month.
"""

from __future__ import annotations

from dataclasses import dataclass

PAY_DAYS = 21.75
HOURS_A_DAY = 8
#: Factors from a period to a month.
MONTHLY = {
    "月": 1.0,
    "年": 1 / 12,
    "天": PAY_DAYS,
    "日": PAY_DAYS,
    "时": PAY_DAYS * HOURS_A_DAY,
    "半月": 2.0,
    "周": 52 / 12,
}


@dataclass(frozen=True)
class Pay:
    """Pay as it was stated."""

    min: int | None
    """Yuan a month; None when no lower end was stated."""
    max: int | None
    """Yuan a month; None when no upper end was stated."""
    period: str = "月"
    """The stated period: 月, 年, 天, 时, 周 or 半月."""
    months: int = 12
    """Months paid a year (13薪)."""
    negotiable: bool = False
    """True for 面议: no amount was stated."""


def monthly(amount: float | None, period: str) -> int | None:
    """Return a sum by a period (a key of MONTHLY) in yuan a month."""
    return None if amount is None else round(amount * MONTHLY[period])
