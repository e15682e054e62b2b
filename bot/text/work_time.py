"""Read when somebody wants to work, or does not: 日结, 夜班, 只能上午, 不要夜班."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.polarity import is_ruled_out
from bot.text.text_span import TextSpan

#: What the working times of the taxonomy are called where people read them.
NAMES = {
    "gig": "日结零工",
    "part_time": "兼职",
    "shift_night": "夜班",
    "shift_day": "白班",
    "full_time": "全职",
}
_DAYS_OFF = "周末|双休日|礼拜[六天日]|星期[六天日]|周[六日]"
_WORDS = {
    "gig": r"日结|零工|临时工|短工|打零|小时工(?!资)|按天结|干一天|日工|当天结",
    "part_time": r"兼职|(?<![了这大老好扣])半天(?!假|工资|没|[都也][没不]|才|了)|只能(?:上午|下午|晚上|周末)|业余|钟点|下班后|课余|空闲时间|副业"  # noqa: E501
    rf"|[上下]午(?:就行|能?[干做](?!啥|什么)|有空|的活)|[一二三四五六七八九十\d]{{1,3}}点半?(?:以|之)?后(?:才|都)?能干|(?:{_DAYS_OFF})(?:(?:能|可以|来)?[干做](?!啥|什么|活[给算])|的?活)",
    "shift_night": r"夜班|大夜|上夜(?!班)|通宵|晚班|值夜|(?<!只能)(?:晚上|夜里|下半夜|后半夜)(?:上班|值班|看门|能?[干做](?!啥|什么)|的?活)",  # noqa: E501
    "shift_day": r"白班|长白|白天(?:的?[活班]|上班|干|工作)|不倒班|正常班|常白|行政班",
    "full_time": r"全职|长期工|坐班的|正式工",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _WORDS.items()}
#: A part of whatever one of them finds: a text without any states no working time.
_MAYBE = re.compile(
    r"日结|零工|临时工|短工|打零|小时工|按天结|干一天|日工|当天结"
    rf"|兼职|半天|只能|业余|钟点|下班后|课余|空闲时间|副业|[上下]午|能干|(?:{_DAYS_OFF})[能可来干做的活]"
    r"|夜|通宵|晚[上班]|白[班天]|[长常]白|不倒班|正常班|行政班|全职|长期工|坐班的|正式工"
)

#: Shifts with nights among them. Who rules them out wants no nights; who does not mind them would
#: be kept from day work if that were taken for a wish for nights.
_ROTATING = re.compile(r"[三两二23]班(?:制|轮)?倒|(?<!不)倒班|轮班")
_WEARY = re.compile(r"的?(?:太累|受不了|熬不|扛不|吃不消|身体)")


@dataclass(frozen=True)
class WorkTime:
    """A working time named in a message."""

    id: str
    """An id of the taxonomy."""
    negated: bool
    """True when it is ruled out (夜班不要)."""


def extract(text: str) -> list[TextSpan[WorkTime]]:
    """Return the working times of a normalised message."""
    mentions = [
        TextSpan(
            WorkTime(name, is_ruled_out(text, hit.start(), hit.end())),
            hit.start(),
            hit.end(),
            hit.group(),
        )
        for name, pattern in _PATTERNS.items()
        for hit in pattern.finditer(text)
    ]
    mentions += [
        TextSpan(WorkTime("shift_night", True), hit.start(), hit.end(), hit.group())
        for hit in _ROTATING.finditer(text)
        if is_ruled_out(text, hit.start(), hit.end()) or _WEARY.match(text, hit.end())
    ]
    return sorted(mentions, key=lambda mention: mention.start)


def from_posting_text(text: str) -> str | None:
    """Return the working time that a posting's words state, None when they state none."""
    if not _MAYBE.search(text):
        return None
    work_times = [mention.value for mention in extract(text) if not mention.value.negated]
    order = ("gig", "part_time", "shift_night", "shift_day", "full_time")
    return next((name for name in order if any(time.id == name for time in work_times)), None)
