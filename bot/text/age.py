"""Read ages: 52了, 今年51, 五十三岁, 我妈五十三."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot import clock
from bot.text.found import Found
from bot.text.numbers import value
from bot.text.people import RELATION, SELF, TILL_AGE

_N = r"(?:[1-8]\d|[一二三四五六七八]?十[一二三四五六七八九]?)"
_AGE = re.compile(
    rf"(?P<years>{_N})(?:周?岁|[来多]岁)"
    rf"|(?:今年|现在|都|已经|男的|女的|年龄|年纪|虚岁|周岁|马上|快|岁数|我妈|我爸|我媳妇|我对象|我老公|我姐|我哥|媳妇|老伴|像我|这样|这样的|我|俺|咱|本人|她|他)(?:是|都|今年|现在|已经|也|快|满|到)?(?P<said>{_N})(?:了|多|,|，|。|\s|$|(?=[^\d年个月块元千百万天次号人%]))"
    rf"|{RELATION}{TILL_AGE}(?P<of>{_N})(?=了(?!解)|多了?(?:$|[,，。\s])|$|[,，。;；、!！?？\s]|[没能想找会在下失身干残就还退又刚]|大专|本科|中专|技校|高中|初中|毕业|不(?!等))"
    rf"|(?:^|[,，\s])(?P<alone>[2-7]\d|[二三四五六七]十[一二三四五六七八九]?)(?:了(?!解)|多了)"
)
#: 75年生人, 98年出生的, 1980年生.
_BORN = re.compile(
    r"(?<!\d)(?P<born>19[3-9]\d|200\d|201[0-2]|[3-9]\d|0\d|1[0-2])(?:年的人|年?(?:出生|生人|生的))"
)
#: Ages of people who look for work or ask about pensions.
YOUNGEST, OLDEST = 14, 89


def read(text: str) -> list[Found[int]]:
    """Return the ages of a normalised message in years."""
    spans = []
    for hit in _AGE.finditer(text):
        group = next(name for name in ("years", "said", "of", "alone") if hit[name])
        years = value(hit[group])
        if years and YOUNGEST <= years <= OLDEST:
            start, end = hit.span(group)
            spans.append(Found(int(years), start, end, hit[group]))
    return spans or _by_birth(text)


def spoken_of(entities: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the ages of the person a message is about: 我爸58 我26 想找工作 tells one's own."""
    persons = [entity["value"] for entity in entities if entity["entity"] == "person"]
    subject = persons[-1] if persons else SELF
    return [
        int(entity["value"])
        for entity in entities
        if entity["entity"] == "age" and entity.get("person", subject) == subject
    ]


def _by_birth(text: str) -> list[Found[int]]:
    """Return ages from years of birth, as of this year's birthday."""
    spans = []
    for hit in _BORN.finditer(text):
        year = int(hit["born"])
        year += 0 if year > 1900 else 1900 if year > 12 else 2000
        years = clock.today().year - year
        if YOUNGEST <= years <= OLDEST:
            spans.append(Found(years, hit.start(), hit.end(), hit.group()))
    return spans
