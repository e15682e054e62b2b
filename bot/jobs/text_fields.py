"""Contact, age, address, how to apply and days as a posting's text states them.

The patterns are data (data/vocab/posting_text.yml). What a site took out of the text ([电话], ****)
states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML

from bot.settings import settings

#: Numbers and accounts kept of one text.
_MOST_NUMBERS = 3
#: What stands where a site took out a name or a number.
_TAKEN_OUT = re.compile(r"[\[【](?:电话|手机|联系人|姓名|微信|邮箱|QQ)[\]】]|\*{4,}|[xX×]{6,}")
_ONE_SEX = re.compile(r"^[男女][性士]?\s?[:：,，]?\s?")
_MARKED = re.compile(r"[\[【*xX×]")
#: A word of a place below the district.
_BELOW_DISTRICT = re.compile(
    r"[路街巷弄](?![线演由程况径])|大道|\d{1,5}\s?(?:号|栋|楼|层|室|座|米)|(?<!景德)镇|乡(?![市县])|[村屯]|社区|小区|园(?!区$)|厂区|校区|大学城|广场|大厦|中心|商场|市场|商城|[火车公交]站|地铁|高速口|路口|写字楼|基地|万达|医院|学校|大学|酒店|机场"
)
_MARKS_AROUND = " \t:：,，。;；-—、·|/()（）【】[]"
_WEB = re.compile(r"(?:https?://|www\.)[A-Za-z0-9][A-Za-z0-9._~:/?#@!$&'*+,;=%-]{3,280}", re.I)
_CONTACTS = ("mobile", "landline", "account", "email")
#: Where the words of an address end and something else begins.
_NEXT = re.compile(
    r"\s{2}|\s?(?:联系|电话|手机|面试|报名|工作时间|工作内容|薪资|公司|\d{1,2}[、.．)）])"
)


@dataclass(frozen=True)
class _Field:
    """How one field is found."""

    words: tuple[str, ...]
    finds: re.Pattern[str]


@lru_cache(maxsize=1)
def fields() -> dict[str, _Field]:
    """Return the patterns of data/vocab/posting_text.yml, by field."""
    file = settings().data / "vocab" / "posting_text.yml"
    given = YAML(typ="safe").load(file.read_text("utf-8"))
    return {
        name: _Field(tuple(one["words"].split()), re.compile(one["finds"]))
        for name, one in given.items()
    }


def stated(field: str, text: str) -> Iterator[str]:
    """Yield what a text states of a field, first to last."""
    known = fields()[field]
    if not any(word in text for word in known.words):
        return
    for hit in known.finds.finditer(text):
        said = without_gaps(next(filter(None, hit.groups()), "")).strip(_MARKS_AROUND)
        if said:
            yield said


def first(field: str, text: str) -> str:
    """Return what a text states of a field first, empty when it states nothing."""
    return next(stated(field, text), "")


def without_gaps(said: str) -> str:
    """Return words without what a site put in place of a name or a number."""
    if not _MARKED.search(said):
        return said
    left = _TAKEN_OUT.sub("", said)
    return left if left == said else left.strip(_MARKS_AROUND)


def contact(text: str) -> str:
    """Return whom to call by a text: a name, then numbers and accounts."""
    numbers = [one for field in _CONTACTS for one in stated(field, text)]
    parts = [first("name", text), *dict.fromkeys(numbers)]
    return " ".join(filter(None, parts[: _MOST_NUMBERS + 1]))


def age(text: str) -> str:
    """Return the words that ask for an age; a sex asked for beside it is no part of them."""
    said = first("age", text)
    return said if "男" in said and "女" in said else _ONE_SEX.sub("", said)


def address(text: str) -> str:
    """Return where the work is by a text; empty when that is no narrower than a district."""
    return next(filter(None, map(street, stated("address", text))), "")


def street(place: str) -> str:
    """Return the words of a place when they name more than a district, else nothing."""
    end = _NEXT.search(place, 2)
    words = (place[: end.start()] if end else place).strip(_MARKS_AROUND)
    return words if _BELOW_DISTRICT.search(words) else ""


def web_address(cell: str) -> str:
    """Return the web address in a cell, empty when it holds none that can be opened."""
    hit = _WEB.search(cell) if cell else None
    return hit.group() if hit else ""
