"""Which earlier time a question asks about: 2015年沈阳失业金按百分之几发.

A date that only tells when something happened (2015年下岗的，失业金咋领) asks for today's rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.text.spans import Span

#: What happened then, so that the date is no question for the rule of that time.
_EVENT = re.compile(
    r"入职|进(?:的)?厂|上的?班|来的|参加|参保|下岗|离职|离的|走的?(?!法)|辞|毕业|退伍|转业|开始|受(?:的)?伤|结婚|至今|到现在"
    r"|签|欠|没发|停|被|干|办(?:的|了|过)|登记(?:的|了|过)|[交缴领贷拿申](?:请)?(?:的|了|过|到)|失业(?:的|了)|出生|生人|工作(?:的|了)|开(?:的|了)|申请的|有过|逾期|没的|去世|过世|摔|砸|伤的|丢的|关(?:的|了)|黄(?:的|了)"
)


#: The first year whose rule is asked for, if any is: the regulations on unemployment insurance and
#: most of the texts here are younger.
OLDEST = 1995
#: A time that goes on from then: 打11年起.
_FROM = re.compile(r"(?:从|自从?|打从?)$")
_ON = re.compile(r"(?:起|以来|到|至|[-~—])")
#: 2014年国庆 asks for the rule of that year, unless one worked on it.
_OF_A_HOLIDAY = re.compile(r"^(?:(?:19|20)\d\d年|去年|前年)的?[^\d月号日]*$")
_WORKED = re.compile(r"加班|上班|没休|没歇|工资|值班|三倍")


def asked_year(text: str, entities: Sequence[Mapping[str, Any]], today: date) -> Span | None:
    """Return the past year or month whose rule a message asks for; None for today's."""
    own_pay = any(entity["entity"] == "salary" for entity in entities)
    if own_pay or _EVENT.search(text):
        return None
    for entity in entities:
        if entity["entity"] != "date":
            continue
        if _FROM.search(text[: entity["start"]]) or _ON.match(text, entity["end"]):
            continue
        first, last = (date.fromisoformat(entity["value"][end]) for end in ("first", "last"))
        if _OF_A_HOLIDAY.search(str(entity["text"])) and not _WORKED.search(text):
            first, last = date(first.year, 1, 1), date(first.year, 12, 31)
        if last.year < OLDEST:
            continue  # 77年3月 is when somebody was born
        if last < today.replace(day=1) and (last - first).days >= 27:
            return Span(first, last)
    return None
