"""Words around a sum of pay: its period, and whether it is a lower end, an upper end or about.

元/天, 一天, 年薪, 100元/8小时; 以上, 不低于, 左右. A period counts where it belongs to the sum:
right after it, or right before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.text.pattern_file import patterns
from bot.understanding.extractors.sums import Sum

Bound = Literal["", "least", "most", "about"]

_PERIODS = {
    "月": "月", "month": "月", "年": "年", "year": "年", "天": "天",
    "日": "天", "day": "天", "工": "天",
    "小时": "时", "时": "时", "钟": "时", "钟头": "时", "h": "时", "hour": "时",
    "周": "周", "星期": "周", "week": "周", "半月": "半月", "半个月": "半月",
}  # fmt: skip
_PATTERNS = patterns("rates")
#: Words that only qualify a sum: 一月, 每天, 年薪, 到手, 至少, 左右, 以上.
WORDS = _PATTERNS["qualifier"].pattern
_NAMES = {"year": "年", "month": "月", "day": "天", "hour": "时", "week": "周"}
#: Characters before a sum that are looked at.
_CONTEXT_CHARS = 24
#: More than a day's pay: then 日结 says when it is paid, not for what.
_MAX_DAILY_PAY = 2000
#: 100元/8小时 is by the day, 5000元/30天 by the month.
_WHOLE_DAY, _WHOLE_MONTH = 6, 21


@dataclass(frozen=True)
class Rate:
    """Period and bound of a sum of pay."""

    period: str
    """A key of bot.understanding.extractors.pay.MONTHLY."""
    period_count: int
    """Periods that the sum pays: 8 hours of 100元/8小时 are 1 day, 2周 are 2."""
    bound: Bound
    """The stated end of the range that it is; empty when it is no end."""
    end: int
    """Offset after the words that belong to the sum."""


def rate(text: str, amount: Sum) -> Rate:
    """Return the period and bound of a sum of a text; the month when no period is stated."""
    preceding = text[max(0, amount.start - _CONTEXT_CHARS) : amount.start]
    following = _PATTERNS["after_sum"].match(text[amount.end :])
    assert following is not None  # every part of it may be empty
    end = amount.end + len(following.group().rstrip())
    period = _period(amount, preceding, following, text[end:])
    count = int(following["many"] or 1) or 1
    if period == "时" and count >= _WHOLE_DAY:
        period, count = "天", 1
    if period == "天" and count >= _WHOLE_MONTH:
        period, count = "月", 1
    return Rate(period, count, _bound(amount, preceding, following), end)


def has_period_before(text: str, amount: Sum) -> bool:
    """Tell whether the words before a sum say what it is paid by: 一月2000, 年薪…"""
    return bool(
        _PATTERNS["before_sum"].search(text[max(0, amount.start - _CONTEXT_CHARS) : amount.start])
    )


def is_piecework(text: str, amount: Sum) -> bool:
    """Tell whether a sum is paid by the piece (3元/件), which makes no sum a month."""
    return bool(_PATTERNS["by_piece"].match(text[amount.end :]))


def _period(amount: Sum, preceding: str, following: re.Match[str], rest: str) -> str:
    """Return the period of a sum: as stated after it, else before it, else the month."""
    explicit = (following["period"] or following["bare"] or "").removeprefix("个")
    if explicit:
        return _PERIODS[explicit]
    if following["year"]:
        return "年"
    hit, paid_by = (
        _PATTERNS["before_sum"].search(preceding),
        _PATTERNS["paid_daily_hourly_weekly"].match(rest),
    )
    period = next((_NAMES[name] for name in _NAMES if hit and hit[name]), None)
    if period is None and paid_by:
        period = "天" if paid_by[1] else "时" if paid_by[2] else "周"
    if period == "天" and amount.low > _MAX_DAILY_PAY:
        return "月"
    return period or "月"


def _bound(amount: Sum, preceding: str, following: re.Match[str]) -> Bound:
    words = f"{following['bound'] or ''} {following['bound2'] or ''}"
    if _PATTERNS["down"].search(words) or _PATTERNS["at_most"].search(preceding):
        return "most"
    if _PATTERNS["about"].search(words):
        return "about"
    if (
        _PATTERNS["up"].search(words)
        or following["more"] in ("多", "几")
        or _PATTERNS["at_least"].search(preceding)
    ):
        return "least"
    return ""
