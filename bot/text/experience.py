"""Read years of experience, from messages (干过三年) and from fields of postings (3-5年)."""

from __future__ import annotations

import re

from bot.caches import process_cache
from bot.text.found import Found
from bot.text.numbers import pair, value

#: Years of a trade as told; years before or after something, ages and pay by the year are none.
YEARS = (
    r"(?P<number>\d{1,2}|[一二三四五六七八九十两]{1,3})[来多几]?年多?"
    r"(?![前后内级薪假底龄零又]|之前|以[前后内]|\d)"
)
#: Of an army and of insurance, and years without work, are no experience.
_SAID = re.compile(
    rf"(?:干|做|开|当(?!兵)|(?P<has>有)|从业|工作)(?:过|了)?(?:[^,，。\d一二三四五六七八九十两]{{0,3}}){YEARS}"
    r"(?!的?(?:兵|社保|医保|养老|保险|失业))(?(has)(?!没))"
)
#: More years than anybody works at one trade.
_MAX_YEARS = 50
_NONE = re.compile(r"不限|应届|在校|无经验|不要求|无需|接受小白|零基础")


def read(text: str) -> list[Found[int]]:
    """Return the whole years of experience a normalised message states."""
    spans = []
    for hit in _SAID.finditer(text):
        years = whole_years(hit, 0)
        if years:
            spans.append(years)
    return spans


def whole_years(hit: re.Match[str], group: str | int) -> Found[int] | None:
    """Return the years of a match of YEARS, of 两三年 the less, standing where a group does."""
    both = pair(hit["number"])
    years = both[0] if both else value(hit["number"])
    if not years or years > _MAX_YEARS:
        return None
    return Found(int(years), *hit.span(group), hit[group])


@process_cache(size=5_000)
def field(text: str) -> int | None:
    """Return the least years that a posting asks for (0: none), None when not stated."""
    if not text.strip():
        return None
    number = re.search(r"(\d{1,2})", text)
    if number and "以下" not in text and "以内" not in text:
        return int(number.group(1))
    return 0 if number or _NONE.search(text) else None
