"""Read ages: 52了, 今年51, 五十三岁, 我妈五十三."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot import clock
from bot.text.chinese_numbers import value
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan
from bot.understanding.extractors.persons import RELATION, SELF, TILL_AGE

_PATTERNS = patterns("age")
_GROUPS = ("years", "said", "of", "after_sex", "before_sex", "alone")
_OF_RELATION = RELATION + TILL_AGE + _PATTERNS["after_relation"].pattern
_STATED_AGE = re.compile(
    "|".join(
        (
            _PATTERNS["stated"].pattern,
            _OF_RELATION,
            _PATTERNS["beside_sex"].pattern,
            _PATTERNS["alone"].pattern,
        )
    )
)
#: Ages of people who look for work or ask about pensions.
MIN_AGE, MAX_AGE = 14, 89


def extract(text: str) -> list[TextSpan[int]]:
    """Return the ages of a normalised message in years."""
    spans = []
    for hit in _STATED_AGE.finditer(text):
        group = next(name for name in _GROUPS if hit[name])
        years = value(hit[group])
        if years and MIN_AGE <= years <= MAX_AGE:
            start, end = hit.span(group)
            spans.append(TextSpan(int(years), start, end, hit[group]))
    return spans or _by_birth(text)


def ages_of_subject(entities: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the ages of the person a message is about: 我爸58 我26 想找工作 tells one's own."""
    persons = [entity["value"] for entity in entities if entity["entity"] == "person"]
    subject = persons[-1] if persons else SELF
    return [
        int(entity["value"])
        for entity in entities
        if entity["entity"] == "age" and entity.get("person", subject) == subject
    ]


def _by_birth(text: str) -> list[TextSpan[int]]:
    """Return ages from years of birth, as of this year's birthday."""
    spans = []
    for hit in _PATTERNS["birth_year"].finditer(text):
        year = int(hit["born"])
        year += 0 if year > 1900 else 1900 if year > 12 else 2000
        years = clock.today().year - year
        if MIN_AGE <= years <= MAX_AGE:
            spans.append(TextSpan(years, hit.start(), hit.end(), hit.group()))
    return spans
