"""Read schooling as the ids of the taxonomy, from messages and from fields of postings."""

from __future__ import annotations

import re

from bot.text.found import Found

#: Lowest first.
LEVELS = ("none", "junior", "senior", "vocational", "college", "bachelor", "master")
#: What the levels are called in postings.
NAMES = {
    "none": "不限",
    "junior": "初中",
    "senior": "高中",
    "vocational": "中专",
    "college": "大专",
    "bachelor": "本科",
    "master": "硕士",
}
_WORDS = {
    "master": r"硕士|研究生|博士|mba",
    "bachelor": r"本科|大本|学士|(?<![没上])大学(?:毕业|学历|文化)|统招本",
    "college": r"大专|专科|高职|高专",
    "vocational": r"中专|中技|职高|技校|职校|中职",
    "senior": r"高中",
    "junior": r"初中|中学毕业",
    "none": r"没(?:啥)?文化|没(?:念|读|上)过书|小学|不识字|学历低",
}
_ANY = re.compile(r"不限|无要求|不要求|无学历")


def read(text: str) -> list[Found[str]]:
    """Return the schooling a normalised message states."""
    found = [
        Found(level, hit.start(), hit.end(), hit.group())
        for level, pattern in _WORDS.items()
        for hit in re.finditer(pattern, text)
    ]
    return sorted(found, key=lambda one: one.start)


def field(text: str) -> str | None:
    """Return the least schooling that a posting asks for (`none`: none), None when not stated."""
    if not text.strip():
        return None
    asked = [level for level in LEVELS[1:] if re.search(_WORDS[level], text)]
    if asked:
        return asked[0]
    return "none" if _ANY.search(text) or re.search(_WORDS["none"], text) else None


def enough(has: str, asked: str | None) -> bool:
    """Tell whether a schooling reaches what a posting asks for."""
    return asked is None or LEVELS.index(has) >= LEVELS.index(asked)
