"""Licences and certificates that a posting asks for (data/vocab/papers_asked.yml)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.caches import process_cache
from bot.matching.features import Features
from bot.matching.job_preference import JobPreference
from bot.settings import settings
from bot.yaml_files import read_yaml

#: Where one demand ends and another begins.
_CLAUSE_END = re.compile(r"[，。；,;、\n]")
#: Licences that a person told of are conditions wished for, by the beginning of their ids.
_LICENCE_PREFIX = "licence_"


@dataclass(frozen=True)
class PaperWording:
    """Patterns and wording of papers_asked.yml."""

    requirement: re.Pattern[str]
    unless: re.Pattern[str]
    caution: str


@process_cache(size=1)
def wording() -> PaperWording:
    """Return data/vocab/papers_asked.yml."""
    file = settings().data_file("vocab", "papers_asked.yml")
    content = read_yaml(file)
    return PaperWording(
        re.compile(content["asked"]), re.compile(content["unless"]), content["says"]
    )


@process_cache(size=2_000)
def required_paper(text: str) -> str | None:
    """Return the first paper that a posting's words ask for; None when they ask for none."""
    for demand in _CLAUSE_END.split(text):
        hit = wording().requirement.search(demand)
        if hit and not wording().unless.search(demand):
            return hit.group()
    return None


def missing_paper(features: Features, preference: JobPreference) -> str | None:
    """Return the paper that a posting asks for and the person may not have.

    None where the person named its trade, or told of a driving licence: whether that is the right
    one is a condition of its own.
    """
    if features.traits is None or set(preference.trades) & set(features.occupations):
        return None
    if any(offer_id.startswith(_LICENCE_PREFIX) for offer_id in preference.welfare):
        return None
    return required_paper(features.traits.words)
