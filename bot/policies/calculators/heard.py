"""The figures that a message states for a calculation: pay, lengths, sums, days, dates, rates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot import clock
from bot.text.normalise import normalise
from bot.text.numbers import value

Facts = dict[str, Any]
_N = r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+)"
_RATE = re.compile(rf"(\d+(?:\.\d+)?)\s*%|百分之{_N}(?:点{_N})?|{_N}(?:点{_N})?个点|利率{_N}点{_N}")
_HOURS = re.compile(rf"{_N}个?(?:小时|钟头)")
_DAYS = re.compile(rf"{_N}天")
_HOLIDAY = re.compile(r"国庆|十一(?!年|个|月)|春节|过年|五一|元旦|清明|端午|中秋|法定|节假日|三倍")
_REST = re.compile(r"周末|周[六日天]|星期[六日天]|礼拜[六日天]?|双休|休息日|公休")
_OPEN_ENDED = re.compile(r"无固定|长期合同|没有?期限")
_BEGAN = re.compile(r"入职|进厂|上班|开始干|来的|进的|干起")


def heard(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message by name; what it does not state is not there."""
    read = normalise(text).text
    of = {kind: [e["value"] for e in entities if e["entity"] == kind] for kind in _KINDS}
    facts: Facts = {}
    if of["salary"]:
        facts["pay"] = of["salary"][0].get("min") or of["salary"][0].get("max")
    if of["amount"]:
        facts["amount"] = max(of["amount"])
    months = of["duration"][0] if of["duration"] else _between(read, of["date"])
    if months:
        facts["months"] = int(months)
    if of["date"]:
        facts["date"] = of["date"][-1]["first"]
    if _OPEN_ENDED.search(read):
        facts["open_ended"] = True
    facts |= _counted(read)
    if _HOLIDAY.search(read):
        facts["kind"] = "holiday"
    elif _REST.search(read):
        facts["kind"] = "rest"
    elif re.search(r"下班|平时|晚上|工作日|每天加", read):
        facts["kind"] = "day"
    return facts


_KINDS = ("salary", "amount", "duration", "date")


def _counted(read: str) -> Facts:
    facts: Facts = {}
    rate = _RATE.search(read)
    if rate:
        parts = [value(part) for part in rate.groups() if part is not None]
        numbers = [part for part in parts if part is not None]
        if len(numbers) == 2:
            facts["rate"] = float(f"{int(numbers[0])}.{int(numbers[1])}")
        elif numbers:
            facts["rate"] = numbers[0]
    for name, pattern in (("hours", _HOURS), ("days", _DAYS)):
        hit = pattern.search(read)
        number = value(hit[1]) if hit else None
        if number:
            facts[name] = number
    return facts


def _between(read: str, dates: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the whole months between two dates, or since one on which work began."""
    days = [date.fromisoformat(one["first"]) for one in dates]
    if len(days) == 1 and _BEGAN.search(read):
        days.append(clock.today())
    if len(days) < 2:
        return None
    first, last = min(days), max(days)
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
