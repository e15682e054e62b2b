"""Frequencies of digests: extraction from text, wording, due times."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal, get_args

from bot.clock import CHINA

Frequency = Literal["at_once", "daily", "weekly"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
#: Wording of a frequency in a confirmation.
FREQUENCY_TEXTS: dict[Frequency, str] = {
    "at_once": "一有新的就发",
    "daily": "每天上午发一次",
    "weekly": "每周一上午发一次",
}
#: The hour from which daily and weekly digests go out.
MORNING = 9
_WEEKLY = re.compile(
    r"每(?:个)?(?:周|星期|礼拜)|(?:一|1)个?(?:周|星期|礼拜)(?:一|1)?(?:发|次|回|给)"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|隔一阵|定期|按周"
)
_DAILY = re.compile(r"每天|天天|每日|每晚|早上|一天一|每早|按天")
_AT_ONCE = re.compile(r"一有|马上|立刻|立马|随时|第一时间|(?:来了|有了|有新的?|出新的?)就|即时")


def extract_frequency(text: str) -> Frequency | None:
    """Return the frequency that a text asks for, None when it names none."""
    if _WEEKLY.search(text):
        return "weekly"
    if _DAILY.search(text):
        return "daily"
    return "at_once" if _AT_ONCE.search(text) else None


def is_due(frequency: str, last: datetime, now: datetime) -> bool:
    """Tell whether a digest is due; `last` is when the last one was made, or the subscription.

    A weekly one is due from Monday morning on; when Monday is free, on the next day that is not.
    """
    last, now = last.astimezone(CHINA), now.astimezone(CHINA)
    if frequency == "at_once":
        return True
    if now.hour < MORNING:
        return False
    if frequency == "daily":
        return last.date() < now.date()
    return last.isocalendar()[:2] < now.isocalendar()[:2]
