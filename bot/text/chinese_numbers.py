"""Numbers as people write them (三四, 四千五, 5千5, 1.3万, 5,000, 伍仟, 五k, 俩), and ordinals."""

from __future__ import annotations

import re

from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan

_PATTERNS = patterns("numbers")
_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    "两": 2, "俩": 2, "仨": 3, "〇": 0, "幺": 1,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "w": 10000, "万": 10000}
#: The figures of cheques and receipts as the plain ones: 伍仟 is 五千. One character for one.
FORMAL = str.maketrans("壹贰貳叁肆伍陆柒捌玖拾佰仟萬兩圆", "一二二三四五六七八九十百千万两元")
#: One number in Chinese or Arabic figures, with its units.
NUMBER = "(?:" + _PATTERNS["number"].pattern + ")"


def value(text: str) -> float | None:
    """Return the value of a number (四千五, 4千5 and 4k5 are 4500, 5,000 is 5000), else None."""
    text = text.strip().lower().translate(FORMAL)
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){1,6}", text):
        return float(text.replace(",", ""))
    plain = _PATTERNS["arabic_parts"].fullmatch(text)
    if plain:
        amount, unit, tail, scaled = plain.groups()
        scale = _UNITS.get(unit, 1)
        return _number(amount) * scale + _tail_value(tail, scaled, scale)
    if not _PATTERNS["chinese_figures"].fullmatch(text):
        return None
    return _chinese(text)


def _number(text: str) -> float:
    return float(_DIGITS.get(text, 0)) if text in _DIGITS else float(text)


def _tail_value(tail: str, unit: str, scale: int) -> float:
    """Return the value of the figures after a unit: 2000 for 1万2 and 1万2千, 2500 for 1万2500."""
    if not tail:
        return 0
    number = _number(tail)
    if unit:
        return number * _UNITS[unit]
    return number * scale / 10 if len(tail) == 1 else number


def _chinese(text: str) -> float | None:
    total, section, digit, last_unit = 0, 0, None, 1
    for char in text:
        if char in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[char]
            last_unit = 1 if char in "零〇" else last_unit
            continue
        unit = _UNITS[char]
        if unit == 10000:
            total = (total + section + (digit or 0) or 1) * unit
            section = 0
        else:
            section += (1 if digit is None else digit) * unit
        digit, last_unit = None, unit
    if digit is None:
        return float(total + section)
    # 四千五 is 4500, 一万二 is 12000; 四千零五 is 4005.
    tail = digit * last_unit // 10 if last_unit > 10 else digit
    return float(total + section + tail)


def pair(text: str) -> tuple[int, int] | None:
    """Return the two ends of 三四 or 五六, None when they do not follow each other."""
    match = _PATTERNS["range"].fullmatch(text)
    if not match:
        return None
    low, high = (_DIGITS[c] for c in match.groups())
    return (low, high) if high == low + 1 or (low, high) == (3, 5) else None


def ordinals(text: str) -> list[TextSpan[int]]:
    """Return which one of a list is meant: 第二个 is 2, 最后一个 is -1, a lone `2` is 2."""
    spans: list[TextSpan[int]] = []
    for hit in _PATTERNS["ordinal"].finditer(text):
        number = -1 if hit.group(2) else value(hit.group(1))
        if number:
            spans.append(TextSpan(int(number), hit.start(), hit.end(), hit.group()))
    alone = _PATTERNS["choice"].match(text)
    if alone and not spans:
        number = value(alone.group(1))
        spans.append(TextSpan(int(number or 0), alone.start(), alone.end(), alone.group()))
    return spans
