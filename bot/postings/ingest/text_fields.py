"""Contact, age, address, how to apply and days as a posting's text states them.

The patterns are data (data/vocab/posting_text.yml). What a site took out of the text ([电话], ****)
states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.caches import process_cache
from bot.settings import settings
from bot.text.keyword_prefilter import KeywordPrefilter
from bot.text.pattern_file import patterns
from bot.yaml_files import read_yaml

_PATTERNS = patterns("posting_text_fields")

#: Numbers and accounts kept of one text.
_MAX_NUMBERS = 3
#: Characters that a way to apply has at least.
_MIN_APPLY_LENGTH = 7
_REDACTION_MARK = re.compile(r"[\[【*xX×]")
_MARKS_AROUND = " \t:：,，。;；-—、·|/()（）【】[]"
_WEB = re.compile(r"(?:https?://|www\.)[A-Za-z0-9][A-Za-z0-9._~:/?#@!$&'*+,;=%-]{3,280}", re.I)
_NUMBERS = ("mobile", "landline", "account", "email")
_CONTACTS = (*_NUMBERS, "name")


@dataclass(frozen=True)
class Patterns:
    """Patterns of data/vocab/posting_text.yml, by field."""

    finds: Mapping[str, re.Pattern[str]]
    words: KeywordPrefilter
    """Keywords of each field: every text that `finds` matches holds one of them."""
    needs: Mapping[str, re.Pattern[str]]
    """Of some fields, what such a text must hold as well, found faster than `finds`."""


@process_cache(size=1)
def fields() -> Patterns:
    """Return the patterns of data/vocab/posting_text.yml."""
    file = settings().data_file("vocab", "posting_text.yml")
    content = read_yaml(file)
    return Patterns(
        {name: re.compile(entry["finds"]) for name, entry in content.items()},
        KeywordPrefilter({name: entry["words"].split() for name, entry in content.items()}),
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
        return words if "男" in words and "女" in words else _PATTERNS["sex_prefix"].sub("", words)

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
    remainder = _PATTERNS["redacted"].sub("", text)
    return remainder if remainder == text else remainder.strip(_MARKS_AROUND)


def street(place: str) -> str:
    """Return the words of a place when they name more than a district, else nothing."""
    end = _PATTERNS["next_field"].search(place, 2)
    words = (place[: end.start()] if end else place).strip(_MARKS_AROUND)
    return words if _PATTERNS["below_district"].search(words) else ""


def web_address(cell: str) -> str:
    """Return the web address in a cell, empty when it holds none that can be opened."""
    hit = _WEB.search(cell) if cell else None
    return hit.group() if hit else ""
