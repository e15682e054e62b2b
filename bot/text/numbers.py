"""Numbers as people write them: 三四, 四千五, 一万二, 1.3万, 俩, 仨, 十来; and 第二个."""

from __future__ import annotations

import re

from bot.text.found import Found

_DIGITS = {
    **{c: i for i, c in enumerate("零一二三四五六七八九")},
    "两": 2, "俩": 2, "仨": 3, "〇": 0, "壹": 1, "贰": 2, "叁": 3, "幺": 1,
}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "w": 10000, "万": 10000}
#: One number in Chinese or Arabic figures, with its units.
NUMBER = r"(?:\d+(?:\.\d+)?\s?[十百千万kw]?|[零一二三四五六七八九十百千万两俩仨半〇]+)"


def value(text: str) -> float | None:
    """Return the value of a number (四千五 is 4500, 一万二 is 12000, 1.2万 is 12000), else None."""
    text = text.strip().lower()
    plain = re.fullmatch(r"(\d+(?:\.\d+)?)\s?([十百千万kw]?)(\d?)", text)
    if plain:
        amount, unit, behind = plain.groups()
        scale = _UNITS.get(unit, 1)
        return float(amount) * scale + (int(behind) * scale / 10 if behind else 0)
    if not re.fullmatch(r"[零一二三四五六七八九十百千万两俩仨〇]+", text):
        return None
    return _chinese(text)


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


#: 三四(千), 五六(百): two digits side by side are a range.
_PAIR = re.compile(r"([一二两三四五六七八])([二三四五六七八九])")


def pair(text: str) -> tuple[int, int] | None:
    """Return the two ends of 三四 or 五六, None when they do not follow each other."""
    found = _PAIR.fullmatch(text)
    if not found:
        return None
    low, high = (_DIGITS[c] for c in found.groups())
    return (low, high) if high == low + 1 or (low, high) == (3, 5) else None


_ORDINAL = re.compile(
    r"第\s?([一二三四五六七八九十两\d]{1,2})(?!次|年|天|届|批)\s?(?:个|条|家|份)?|(最后)(?:一|那)?(?:个|条|家|份)"
)
_ALONE = re.compile(r"^\s*(?:选|看)?\s*([1-9]|[一二三四五六七八九])\s*(?:号|个)?\s*[.。]?$")


def ordinals(text: str) -> list[Found[int]]:
    """Return which one of a list is meant: 第二个 is 2, 最后一个 is -1, a lone `2` is 2."""
    found: list[Found[int]] = []
    for hit in _ORDINAL.finditer(text):
        number = -1 if hit.group(2) else value(hit.group(1))
        if number:
            found.append(Found(int(number), hit.start(), hit.end(), hit.group()))
    alone = _ALONE.match(text)
    if alone and not found:
        number = value(alone.group(1))
        found.append(Found(int(number or 0), alone.start(), alone.end(), alone.group()))
    return found
