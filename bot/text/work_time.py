"""Read when somebody wants to work, or does not: 日结, 夜班, 只能上午, 不要夜班."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.found import Found
from bot.text.polarity import ruled_out

#: What the working times of the taxonomy are called where people read them.
NAMES = {
    "gig": "日结零工",
    "part_time": "兼职",
    "shift_night": "夜班",
    "shift_day": "白班",
    "full_time": "全职",
}
_WORDS = {
    "gig": r"日结|零工|临时工|短工|打零|小时工(?!资)|按天结|干一天|日工|当天结",
    "part_time": r"兼职|半天|只能(?:上午|下午|晚上|周末)|业余|钟点|下班后|周末干|课余|上午就行|空闲时间|副业",  # noqa: E501
    "shift_night": r"夜班|大夜|上夜|通宵|晚班|值夜",
    "shift_day": r"白班|长白|白天(?:的?[活班]|上班|干|工作)|不倒班|正常班|常白|行政班",
    "full_time": r"全职|长期工|坐班的|正式工",
}


@dataclass(frozen=True)
class WorkTime:
    """A working time named in a message."""

    id: str
    """An id of the taxonomy."""
    negated: bool
    """True when it is ruled out (夜班不要)."""


def read(text: str) -> list[Found[WorkTime]]:
    """Return the working times of a normalised message."""
    found = [
        Found(
            WorkTime(name, ruled_out(text, hit.start(), hit.end())),
            hit.start(),
            hit.end(),
            hit.group(),
        )
        for name, pattern in _WORDS.items()
        for hit in re.finditer(pattern, text)
    ]
    return sorted(found, key=lambda one: one.start)


def field(text: str) -> str | None:
    """Return the working time that a posting's words state, None when they state none."""
    stated = [one.value for one in read(text) if not one.value.negated]
    order = ("gig", "part_time", "shift_night", "shift_day", "full_time")
    return next((name for name in order if any(one.id == name for one in stated)), None)
