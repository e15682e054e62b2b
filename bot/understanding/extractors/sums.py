"""Sums of money as written, alone or as a range: 四千五, 5千5, 8000-1.2万, 四五千, 万八千.

One grammar for typed messages and for the cells of tables; the callers decide by the words around
a sum what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.text.chinese_numbers import FORMAL, NUMBER, pair, value
from bot.text.pattern_file import patterns

_VAGUE_SUMS = {
    "万八千": (8000, 10000), "万八": (8000, 10000), "万把块": (9000, 11000), "小一万": (9000, 10000),  # noqa: E501
    "千八百": (800, 1000), "千八": (800, 1000), "十来万": (100000, 110000), "十几万": (110000, 190000),  # noqa: E501
    "一两万": (10000, 20000),
}  # fmt: skip
_PATTERNS = patterns("sums")
_UNIT, _YUAN, _DASH = (_PATTERNS[name].pattern for name in ("unit_alone", "yuan", "dash"))
_SUM = re.compile(
    rf"(?<![一二三四五六七八九十两\d])(?P<vague>{'|'.join(_VAGUE_SUMS)})"
    rf"|(?P<unit>{_UNIT})"
    rf"|(?<!\d)(?<!\d\.)(?P<low>{NUMBER})(?:\s?(?P<first>{_YUAN})|来|多)?"
    rf"(?:{_DASH}[￥¥]?\s?(?P<high>{NUMBER})(?!\d))?"
)
_SCALES = {"万": 10000, "w": 10000, "千": 1000, "k": 1000, "百": 100, "亿": 10**8}


@dataclass(frozen=True)
class Sum:
    """A sum or range, in yuan a period or piece, and its place in the text."""

    low: float
    high: float | None
    """None when it is one sum."""
    start: int
    end: int
    """Offset after the last number; 元 follows it."""
    in_yuan: bool
    """True when 元 or 块 stands with it."""


def sums(text: str) -> Iterator[Sum]:
    """Yield the sums of a text in lower case, first to last, without overlaps."""
    text = text.translate(FORMAL)
    reached = 0
    for hit in _SUM.finditer(text):
        for amount in _read(text, hit):
            if amount.start >= reached:
                reached = amount.end
                yield amount


def _read(text: str, hit: re.Match[str]) -> Iterator[Sum]:
    """Yield the sums of a match: a range, or one of two that make none."""
    if hit["vague"]:
        yield _sum(text, _VAGUE_SUMS[hit["vague"]], *hit.span("vague"))
        return
    if hit["unit"]:
        yield _sum(text, (_SCALES[hit["unit"]], None), *hit.span("unit"))
        return
    ends = range_ends(hit["low"], hit["high"]) if hit["high"] else None
    if ends:
        yield _sum(text, ends, hit.start("low"), hit.end("high"), bool(hit["first"]))
        return
    for name in ("low", "high"):
        single = (
            single_ends(hit[name]) if hit[name] and _PATTERNS["digit"].search(hit[name]) else None
        )
        if single:
            yield _single(text, single, *hit.span(name))


def _single(text: str, ends: tuple[float, float | None], start: int, end: int) -> Sum:
    """Return a sum; of 三千多万 and 20来万 the unit follows."""
    multiplier = _PATTERNS["unit_after"].match(text, end)
    if not multiplier:
        return _sum(text, ends, start, end)
    low, high = (None if bound is None else bound * _SCALES[multiplier[1]] for bound in ends)
    return _sum(text, (low or 0, high), start, multiplier.end())


def _sum(
    text: str, ends: tuple[float, float | None], start: int, end: int, in_yuan: bool = False
) -> Sum:
    return Sum(*ends, start, end, in_yuan or bool(_PATTERNS["in_yuan"].match(text, end)))


def single_ends(number: str) -> tuple[float, float | None] | None:
    """Return the value of a number; both ends of one that is a range (四五千, 三千五六)."""
    both, unit = pair(number[:2]), _SCALES.get(number[2:])
    if both and unit:
        return both[0] * unit, both[1] * unit
    hit = _PATTERNS["ends_in_pair"].fullmatch(number)
    if hit and pair(hit[2] + hit[3]):
        low, high = (value(hit[1] + digit + hit[4]) for digit in (hit[2], hit[3]))
        return None if low is None else (low, high)
    amount = value(number)
    return None if amount is None else (amount, None)


def range_ends(low: str, high: str) -> tuple[float, float] | None:
    """Return a range's ends in yuan; an end without a unit has the other's where that fits."""
    lower, upper = single_ends(low), single_ends(high)
    if lower is None or upper is None:
        return None
    first, last = lower[0], upper[1] or upper[0]
    units = _unit(low), _unit(high)
    if units[1] and not units[0]:
        first = _fitting(first, last, units[1])
    elif units[0] and not units[1] and last < first:
        last *= units[0]
    elif not any(units) and first < 100 <= last / 10:
        first = _fitting(first, last, 1000)
    return (first, last) if first <= last else (last, first)


def _fitting(first: float, last: float, unit: int) -> float:
    """Scale a lower end that has no unit of its own: 8-10千, 8-1.2万 and 4-6000 mean thousands."""
    scaled = (first * scale for scale in (unit, 1000) if first * scale <= last)
    return next(scaled, first) if first < 100 else first


def _unit(number: str) -> int:
    """Return the scale of a number's last unit, 0 when it has none or only tens."""
    hit = _PATTERNS["last_unit"].search(number.replace(" ", ""))
    if not hit:
        return 0
    last = "万" if "万" in number or "w" in number else hit.group()
    return _SCALES.get(last, 0)
