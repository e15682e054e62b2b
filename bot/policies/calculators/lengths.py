"""Filter of length entities: a length that lasted, not the 一个月 of a rate (一个月4200)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

Entity = Mapping[str, Any]

_A_MONTH = re.compile(r"(?:一|1|每)个?月")
#: What stands behind the month of a rate: 一个月大概多少, 一个月平均4200.
_RATE = re.compile(
    r"[,， ]?(?:大概|大约|差不多|平均|到手|应发|应得|实发|实拿|税前|打卡|扣完"
    r"|能|给|开|挣|拿|发|得|领|要|多少|工资|底薪|也就|\d"
    r"|[一二三四五六七八九两][千万])"
)
#: The same written the other way about: 多少钱一个月, 三千二一个月.
_RATE_BEFORE = re.compile(
    r"(?:多少钱?|几个钱|工资|[\d百千万]|[千百万][一二三四五六七八九])(?:块钱?|元)?(?:钱)?$"
)
#: Work that lasted a month: 干了一个月开了2000.
_LASTED = re.compile(r"(?:干|做|工作|待|呆|上班|交|缴|领|欠|压|拖)[^,，。;；\d]{0,4}$")
#: A length that is offered, in months of pay: 厂子说就给12个月的.
_OFFERED = re.compile(r"(?:给|补|赔)(?:我|俺|咱|他|她)?(?:们)?(?:了|个)?$")
#: What else lasts: 员工怀孕两个月了, 住院三个月.
_NOT_WORK = re.compile(
    r"(?:怀孕?|孕|产后|生完|坐月子|哺乳|孩子|宝宝|娃|住院?|养病|养伤|躺|歇|病|离退休|差)[^,，。;；\d]{0,4}$"
)
#: What is still to come: 合同还有一年到期, 还差三个月退休.
_TO_COME = re.compile(r"(?:还有|还剩|还差|只剩|就剩|剩下?|离到期)(?:不到|大概|差不多|小|快)?$")
_ENDS = re.compile(r"(?:才|就|也就|多)?(?:到期|期满|退休|到日子|满期)")


def lengths(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the lengths of a message that something lasted, in the order of the entities."""
    return [
        entity
        for entity in entities
        if entity.get("entity", "duration") == "duration" and not _is_rate(text, entity)
    ]


def is_offered(text: str, length: Entity) -> bool:
    """Tell whether a length counts months of pay that are offered."""
    return bool(_OFFERED.search(text[: int(length["start"])]))


def is_of_work(text: str, length: Entity) -> bool:
    """Tell whether a length may be one of work: not that of a pregnancy, not one to come."""
    preceding, following = text[: int(length["start"])], text[int(length["end"]) :]
    to_come = _TO_COME.search(preceding) and _ENDS.match(following)
    return not (_NOT_WORK.search(preceding) or to_come)


def _is_rate(text: str, length: Entity) -> bool:
    start, end = int(length["start"]), int(length["end"])
    if not _A_MONTH.fullmatch(text[start:end]):
        return False
    if _RATE_BEFORE.search(text[:start]):
        return True
    return bool(_RATE.match(text[end:])) and not _LASTED.search(text[:start])
