"""The figures that a message states for a calculation: pay, lengths, sums, days, dates, rates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot import clock
from bot.text.normalise import normalise
from bot.text.numbers import value

Facts = dict[str, Any]
_N = r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+)"
_RATE = re.compile(rf"(\d+(?:\.\d+)?)\s*%|百分之{_N}(?:点{_N})?|{_N}(?:点{_N})?个点|利率{_N}点{_N}")
_HOURS = re.compile(rf"{_N}个?(?:小时|钟头)")
#: Days of their own, not those of a length (六年零七天).
_DAYS = re.compile(rf"(?<![年零又]){_N}天")
_HOLIDAY = re.compile(r"国庆|十一(?!年|个|月)|春节|过年|五一|元旦|清明|端午|中秋|法定|节假日|三倍")
_REST = re.compile(r"周末|周[六日天]|星期[六日天]|礼拜[六日天]?|双休|休息日|公休")
_OPEN_ENDED = re.compile(r"无固定|长期合同|没有?期限")
_LPR = re.compile(rf"lpr[^\d零一二三四五六七八九十]{{0,6}}(?:(\d+(?:\.\d+)?)|{_N}(?:点{_N})?)")
#: The pay of a place, not the person's: above three times of it, that counts.
_OF_THE_PLACE = re.compile(
    r"(?:社平|(?:社会|当地|本地|这边|这儿|这里|全市|市里|全省|省里|职工|岗)[^,，。;；]{0,4}平均)[^,，。;；]{0,8}$"
)
#: Days beyond whole months: 六年零七天, 六年多.
_MORE = re.compile(rf"(?:零|又|加|挂)?(?:{_N}天|多(?!少)|零头)")
_BEGAN = re.compile(r"入职|进厂|上班|开始干|来的|进的|干起")


def heard(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the facts of a message by name; what it does not state is not there."""
    read = normalise(text).text
    of = {kind: [e["value"] for e in entities if e["entity"] == kind] for kind in _KINDS}
    facts: Facts = {}
    facts |= _pay(text, entities)
    if of["amount"]:
        facts["amount"] = max(of["amount"])
    months = _length(text, entities) or _between(read, of["date"])
    if months:
        facts["months"] = months
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


def _pay(text: str, entities: Sequence[Mapping[str, Any]]) -> Facts:
    """Return the first pay that is the person's, and the first that is the mean of the place."""
    facts: Facts = {}
    for one in entities:
        if one["entity"] == "salary":
            name = "average" if _OF_THE_PLACE.search(text[: one["start"]]) else "pay"
            facts.setdefault(name, one["value"].get("min") or one["value"].get("max"))
    return facts


def _length(text: str, entities: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the first length in months; half a month stands for days that are not counted."""
    for one in entities:
        if one["entity"] == "duration":
            more = _MORE.match(text[one["end"] :])
            return int(one["value"]) + (0.5 if more else 0)
    return None


def _counted(read: str) -> Facts:
    facts: Facts = {}
    lpr = _LPR.search(read)
    if lpr:
        facts["lpr"] = _percent(lpr)
        read = read[: lpr.start()] + read[lpr.end() :].lstrip("% ")
    rate = _RATE.search(read)
    if rate:
        facts["rate"] = _percent(rate)
    for name, pattern in (("hours", _HOURS), ("days", _DAYS)):
        hit = pattern.search(read)
        number = value(hit[1]) if hit else None
        if number:
            facts[name] = number
    return facts


def _percent(hit: re.Match[str]) -> float | None:
    """Return the number that a pattern found: 3.5, or 三 and 五 on both sides of 点."""
    numbers = [value(part) for part in hit.groups() if part is not None]
    if len(numbers) == 2:
        return float(f"{int(numbers[0] or 0)}.{int(numbers[1] or 0)}")
    return numbers[0] if numbers else None


def _between(read: str, dates: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the months between two dates, or since one on which work began.

    Days beyond whole months make half a month. Of two days the last is worked as well; of two
    months (2020年3月到2026年3月) the days are not known and left out.
    """
    spans = [(date.fromisoformat(d["first"]), date.fromisoformat(d["last"])) for d in dates]
    if len(spans) == 1 and _BEGAN.search(read):
        spans.append((clock.today(), clock.today()))
    if len(spans) < 2:
        return None
    first, last = min(spans), max(spans)
    if first[0] != first[1] or last[0] != last[1]:
        return (last[0].year - first[0].year) * 12 + last[0].month - first[0].month
    begin, end = first[0], last[0] + timedelta(days=1)
    months = (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)
    return months + (0.5 if end.day != begin.day else 0)
