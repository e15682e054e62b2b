"""Read years of experience, from messages (干过三年) and from fields of postings (3-5年)."""

from __future__ import annotations

import re

from bot.text.found import Found
from bot.text.numbers import value

_N = r"(?:\d{1,2}|[一二三四五六七八九十两]{1,2})"
_SAID = re.compile(
    rf"(?:干|做|开|当|有|从业|工作)(?:过|了)?[^,，。\d]{{0,3}}?({_N})(?:来|多)?年(?![前后内级薪假底龄零又]|之前|以[前后内]|\d)"
)
_NONE = re.compile(r"不限|应届|在校|无经验|不要求|无需|接受小白|零基础")


def read(text: str) -> list[Found[int]]:
    """Return the whole years of experience a normalised message states."""
    found = []
    for hit in _SAID.finditer(text):
        years = value(hit.group(1))
        if years and years <= 50:
            found.append(Found(int(years), hit.start(), hit.end(), hit.group()))
    return found


def field(text: str) -> int | None:
    """Return the least years that a posting asks for (0: none), None when not stated."""
    if not text.strip():
        return None
    number = re.search(r"(\d{1,2})", text)
    if number and "以下" not in text and "以内" not in text:
        return int(number.group(1))
    return 0 if number or _NONE.search(text) else None
