"""Laws and articles that a question names: 劳动合同法第八十二条, 社保法58条."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.yaml_files import read_yaml

_PATTERNS = patterns("law_citations")


@dataclass(frozen=True)
class CitedLaw:
    """A law that a question names, with the article if it names one."""

    document: str
    """The law's name: 劳动合同法."""
    article: int | None
    """82 for 第八十二条; None when only the law is named."""


def cited_law(
    question: str, documents: Collection[str], data: Path | None = None
) -> CitedLaw | None:
    """Return the law, one of `documents`, and the article that a question names; None if none.

    The longest name wins: 劳动合同法实施条例 is not 劳动合同法.
    """
    text = re.sub(r"[《》\s]", "", normalise(question).text)
    names = {name: name for name in documents} | {
        short: name for short, name in short_names(data).items() if name in documents
    }
    here = [(len(name), text.index(name), name) for name in names if name in text]
    if not here:
        return None
    length, start, name = max(here, key=lambda one: (one[0], -one[1]))
    article = _PATTERNS["article"].search(text, start + length) or _PATTERNS["article"].search(text)
    return CitedLaw(names[name], number(article[1] or article[2]) if article else None)


def number(written: str) -> int | None:
    """Return the number of 八十二, 82 or 第八十二条; None where there is none to read."""
    plain = _PATTERNS["number"].search(written)
    parsed = value(plain[0].replace("〇", "零")) if plain else None
    return int(parsed) if parsed else None


@process_cache(size=4)
def short_names(data: Path | None = None) -> Mapping[str, str]:
    """Return what people call laws, with their names."""
    file = (data or settings().data) / "law" / "short_names.yml"
    names: dict[str, str] = read_yaml(file)
    return names
