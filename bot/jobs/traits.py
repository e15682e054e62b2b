"""What a posting's words say about welfare, whom it suits, ages and rank (data/vocab/suits.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML

from bot.settings import settings

#: How much of a description is read: what is offered stands near its beginning or end.
_READ = 1500
_BEFORE = 6
_SPAN = re.compile(r"(?<!\d)([1-6]\d)\s*周?岁?\s*[-~—–－～至到]+\s*([2-7]\d)\s*周?岁")
_UPPER = re.compile(r"(?<!\d)([2-7]\d)\s*周?岁\s*(?:以下|以内|之内)")


@dataclass(frozen=True)
class Traits:
    """What the words of a posting say beside its fields."""

    welfare: frozenset[str] = frozenset()
    """Ids of suits.yml."""
    suits: frozenset[str] = frozenset()
    """Groups of the taxonomy that it names as wanted."""
    bars: frozenset[str] = frozenset()
    """Groups for whom it says something that will hardly do."""
    ages: tuple[int, int] | None = None
    """Youngest and oldest age that it asks for; None when it asks for none."""


@dataclass(frozen=True)
class Suits:
    """The patterns of suits.yml, compiled."""

    unless: re.Pattern[str]
    welfare: dict[str, re.Pattern[str]]
    suits: dict[str, re.Pattern[str]]
    bars: dict[str, re.Pattern[str]]
    says: dict[str, str]
    """Plain words for welfare ids and groups."""
    levels: dict[str, re.Pattern[str]]


@lru_cache(maxsize=1)
def patterns() -> Suits:
    """Return the patterns of data/vocab/suits.yml."""
    given = YAML(typ="safe").load((settings().data / "vocab" / "suits.yml").read_text("utf-8"))
    welfare, groups = given["welfare"], given["groups"]
    return Suits(
        re.compile(given["unless"]),
        {name: re.compile(one["finds"]) for name, one in welfare.items()},
        {name: re.compile(one["suits"]) for name, one in groups.items()},
        {name: re.compile(one["bars"]) for name, one in groups.items() if one["bars"]},
        {name: one["says"] for name, one in {**welfare, **groups}.items()},
        {name: re.compile(finds) for name, finds in given["levels"].items()},
    )


def traits(title: str, tags: str, description: str) -> Traits:
    """Read a posting's words."""
    known = patterns()
    text = f"{title} {tags} {_ends(description)}"
    return Traits(
        frozenset(name for name, finds in known.welfare.items() if _says(finds, text)),
        frozenset(name for name, finds in known.suits.items() if _says(finds, text)),
        frozenset(name for name, finds in known.bars.items() if _says(finds, text)),
        ages(text),
    )


def ages(text: str) -> tuple[int, int] | None:
    """Return the ages a posting asks for: 18-45岁, 50岁以下. The widest of several counts."""
    spans = [(int(low), int(high)) for low, high in _SPAN.findall(text)]
    spans = [(low, high) for low, high in spans if low < high] or [
        (16, int(high)) for high in _UPPER.findall(text)
    ]
    if not spans:
        return None
    return min(low for low, _ in spans), max(high for _, high in spans)


def level(title: str) -> str | None:
    """Return the rank a title names: senior, student or entry; None when it names none."""
    return next((name for name, finds in patterns().levels.items() if finds.search(title)), None)


def _ends(description: str) -> str:
    if len(description) <= _READ:
        return description
    return description[: _READ // 2] + " " + description[-_READ // 2 :]


def _says(finds: re.Pattern[str], text: str) -> bool:
    unless = patterns().unless
    return any(
        not unless.search(text[max(0, hit.start() - _BEFORE) : hit.start()])
        for hit in finds.finditer(text)
    )
