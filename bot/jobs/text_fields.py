"""Contact, age, address, how to apply and days as a posting's text states them.

The patterns are data (data/vocab/posting_text.yml). What a site took out of the text ([电话], ****)
states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings
from bot.text.plain_words import PlainWords

#: Numbers and accounts kept of one text.
_MAX_NUMBERS = 3
#: Characters that a way to apply has at least.
_MIN_APPLY_LENGTH = 7
#: What stands where a site took out a name or a number.
_REDACTED = re.compile(r"[\[【](?:电话|手机|联系人|姓名|微信|邮箱|QQ)[\]】]|\*{4,}|[xX×]{6,}")
_ONE_SEX = re.compile(r"^[男女][性士]?\s?[:：,，]?\s?")
_REDACTION_MARK = re.compile(r"[\[【*xX×]")
#: A word of a place below the district.
_BELOW_DISTRICT = re.compile(
    r"(?<![铁公道线电思出])路(?![线演由程况径])|[街巷弄]|大道|\d{1,5}\s?(?:号(?!线)|栋|楼|层|室|座|米)|(?<!景德)镇|乡(?![市县])|[村屯]|社区|小区|园(?!区$)|厂区|校区|大学城|广场|大厦|中心|商场|市场|商城|[火车公交]站|地铁|高速口|路口|写字楼|基地|万达|医院|学校|大学|酒店|机场"
)
_MARKS_AROUND = " \t:：,，。;；-—、·|/()（）【】[]"
_WEB = re.compile(r"(?:https?://|www\.)[A-Za-z0-9][A-Za-z0-9._~:/?#@!$&'*+,;=%-]{3,280}", re.I)
_NUMBERS = ("mobile", "landline", "account", "email")
_CONTACTS = (*_NUMBERS, "name")
#: Where the words of an address end and something else begins.
_NEXT = re.compile(
    r"\s{2}|\s?(?:联系|电话|手机|面试|报名|工作时间|工作内容|薪资|职位|福利|待遇|(?<!\d)\d{1,2}[、.．)）])"
)


@dataclass(frozen=True)
class Patterns:
    """Patterns of data/vocab/posting_text.yml, by field."""

    finds: Mapping[str, re.Pattern[str]]
    words: PlainWords
    """Keywords of each field: every text that `finds` matches holds one of them."""
    needs: Mapping[str, re.Pattern[str]]
    """Of some fields, what such a text must hold as well, found faster than `finds`."""


@process_cache(size=1)
def fields() -> Patterns:
    """Return the patterns of data/vocab/posting_text.yml."""
    file = settings().data / "vocab" / "posting_text.yml"
    content = YAML(typ="safe").load(file.read_text("utf-8"))
    return Patterns(
        {name: re.compile(entry["finds"]) for name, entry in content.items()},
        PlainWords({name: entry["words"].split() for name, entry in content.items()}),
        {name: re.compile(entry["needs"]) for name, entry in content.items() if "needs" in entry},
    )


class TextFields:
    """Fields that one text states; its keywords are searched once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._maybe = fields().words.keys(text) if text else frozenset()

    def statements(self, field: str) -> Iterator[str]:
        """Yield what the text states of a field, first to last."""
        if field not in self._maybe:
            return
        field_patterns = fields()
        need = field_patterns.needs.get(field)
        if need is not None and not need.search(self._text):
            return
        for hit in field_patterns.finds[field].finditer(self._text):
            words = without_gaps(next(filter(None, hit.groups()), "")).strip(_MARKS_AROUND)
            if words:
                yield words

    def first(self, field: str) -> str:
        """Return what the text states of a field first, empty when it states nothing."""
        return next(self.statements(field), "") if field in self._maybe else ""

    def contact(self) -> str:
        """Return the contact: a name, then numbers and accounts."""
        if self._maybe.isdisjoint(_CONTACTS):
            return ""
        numbers = [number for field in _NUMBERS for number in self.statements(field)]
        parts = [self.first("name"), *dict.fromkeys(numbers)]
        return " ".join(filter(None, parts[: _MAX_NUMBERS + 1]))

    def age(self) -> str:
        """Return the words that ask for an age; a sex stated with it is no part of them."""
        words = self.first("age")
        return words if "男" in words and "女" in words else _ONE_SEX.sub("", words)

    def apply(self) -> str:
        """Return how to apply; 有意者请联系 alone says nothing."""
        return next(
            (words for words in self.statements("apply") if len(words) >= _MIN_APPLY_LENGTH), ""
        )

    def address(self) -> str:
        """Return where the work is; empty when that is no narrower than a district."""
        return next(filter(None, map(street, self.statements("address"))), "")


def without_gaps(text: str) -> str:
    """Return words without what a site put in place of a name or a number."""
    if not _REDACTION_MARK.search(text):
        return text
    remainder = _REDACTED.sub("", text)
    return remainder if remainder == text else remainder.strip(_MARKS_AROUND)


def street(place: str) -> str:
    """Return the words of a place when they name more than a district, else nothing."""
    end = _NEXT.search(place, 2)
    words = (place[: end.start()] if end else place).strip(_MARKS_AROUND)
    return words if _BELOW_DISTRICT.search(words) else ""


def web_address(cell: str) -> str:
    """Return the web address in a cell, empty when it holds none that can be opened."""
    hit = _WEB.search(cell) if cell else None
    return hit.group() if hit else ""
