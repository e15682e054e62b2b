"""Licences and certificates that a posting asks for (data/vocab/papers_asked.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.jobs.match.features import Features
from bot.jobs.preference import JobPreference
from bot.settings import settings

#: Where one demand ends and another begins.
_BREAK = re.compile(r"[，。；,;、\n]")
#: Licences that a person told of are conditions wished for, by the beginning of their ids.
_TOLD = "licence_"


@dataclass(frozen=True)
class Wording:
    """The words of papers_asked.yml."""

    asked: re.Pattern[str]
    unless: re.Pattern[str]
    says: str


@process_cache(size=1)
def wording() -> Wording:
    """Return data/vocab/papers_asked.yml."""
    file = settings().data / "vocab" / "papers_asked.yml"
    given = YAML(typ="safe").load(file.read_text("utf-8"))
    return Wording(re.compile(given["asked"]), re.compile(given["unless"]), given["says"])


@process_cache(size=2_000)
def paper_in(text: str) -> str | None:
    """Return the first paper that a posting's words ask for; None when they ask for none."""
    for demand in _BREAK.split(text):
        hit = wording().asked.search(demand)
        if hit and not wording().unless.search(demand):
            return hit.group()
    return None


def paper_asked(features: Features, wish: JobPreference) -> str | None:
    """Return the paper that a posting asks for and the person may not have.

    None where the person named its trade, or told of a driving licence: whether that is the right
    one is a condition of its own.
    """
    if features.traits is None or set(wish.trades) & set(features.occupations):
        return None
    if any(one.startswith(_TOLD) for one in wish.welfare):
        return None
    return paper_in(features.traits.words)
