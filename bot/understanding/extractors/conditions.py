"""Conditions that people set for a job (no nights, seated, only there), and their verdicts.

Benefits of postings are read elsewhere (bot/understanding/extractors/benefits.py); names and
patterns stand in data/vocab/conditions.yml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.caches import process_cache
from bot.settings import settings
from bot.understanding.extractors import benefits
from bot.yaml_files import read_yaml

#: Longest quotation of a posting to one condition, in characters.
_MAX_QUOTED_LENGTH = 8
#: Stands in a pattern for a place of the message.
_PLACE, _PLACE_MARK = "%region%", "\ue000"

Verdict = Literal["holds", "against", "unknown"]


@dataclass(frozen=True)
class Condition:
    """A condition that people may set for a job."""

    id: str
    label: str
    """Its name in a heading, and as a reason."""
    wish_pattern: re.Pattern[str]
    given_up: re.Pattern[str] | None
    holds: re.Pattern[str] | None
    against: re.Pattern[str] | None
    because: str
    """The sentence about words of a posting that speak against it."""
    unknown: str
    """The words for a posting that tells nothing of it; empty for none."""
    denied: re.Pattern[str] | None
    """The words of a posting that deny what speaks against it: 不用上夜班."""
    stays: str
    """Strictness of the search about the place: always, first, or none (empty)."""
    refuses: re.Pattern[str] | None
    """The words of a posting that rule it out for people who set the condition."""
    refused_words: tuple[str, ...]
    """Plain words: each text that `refuses` matches holds one of them."""
    refused_says: str
    """The words for what such a posting states."""


@process_cache(size=4)
def conditions() -> dict[str, Condition]:
    """Return the conditions of data/vocab/conditions.yml by id."""
    file = settings().data_file("vocab", "conditions.yml")
    content = read_yaml(file)
    return {
        name: Condition(
            name,
            entry["says"],
            re.compile(entry["wished"].replace(_PLACE, _PLACE_MARK)),
            _pattern(entry["given_up"]),
            _pattern(entry["holds"]),
            _pattern(entry["against"]),
            entry["because"],
            entry["unknown"],
            _pattern(entry.get("denied", "")),
            entry.get("stays", ""),
            _pattern(entry.get("refuses", "")),
            tuple(entry.get("refused_words", "").split()),
            entry.get("refused_says", ""),
        )
        for name, entry in content.items()
    }


def _pattern(written: str) -> re.Pattern[str] | None:
    return re.compile(written) if written else None


def wished_and_given_up(
    text: str, places: Sequence[tuple[int, int]] = ()
) -> tuple[list[str], list[str]]:
    """Return the ids of the conditions that a normalised message sets, and of those it gives up.

    `places` are the spans of the places that it names.
    """
    marked = text
    for start, _ in sorted(places, reverse=True):
        marked = f"{marked[:start]}{_PLACE_MARK}{marked[start:]}"
    wished_ids: list[str] = []
    given_up_ids: list[str] = []
    for condition in conditions().values():
        if condition.given_up and condition.given_up.search(text):
            given_up_ids.append(condition.id)
        elif condition.wish_pattern.search(marked):
            wished_ids.append(condition.id)
    return wished_ids, given_up_ids


def spans(text: str) -> list[tuple[int, int]]:
    """Return where a normalised message wishes for a condition."""
    return [
        hit.span()
        for condition in conditions().values()
        for hit in condition.wish_pattern.finditer(text)
    ]


def labels() -> dict[str, str]:
    """Return the names of all benefits and conditions that can be wished for, by id."""
    return {
        **benefits.reason_names(),
        **{condition.id: condition.label for condition in conditions().values()},
    }


@process_cache(size=2_000)
def refused(name: str, words: str) -> bool:
    """Tell whether a posting's words rule it out for people who set a condition: 夜间巡逻."""
    condition = conditions().get(name)
    if (
        condition is None
        or condition.refuses is None
        or (condition.holds and condition.holds.search(words))
    ):
        return False
    return bool(condition.refuses.search(_without_denied(condition, words)))


def refused_words(name: str) -> tuple[str, ...]:
    """Return the plain words, one of them in each refused text; none without a refusal."""
    condition = conditions().get(name)
    return condition.refused_words if condition else ()


@process_cache(size=2_000)
def verdict(name: str, words: str) -> tuple[Verdict, str]:
    """Judge a posting's words by a condition; return the words that speak against it as well."""
    condition = conditions()[name]
    if condition.holds and condition.holds.search(words):
        return "holds", ""
    remainder = _without_denied(condition, words)
    hit = condition.against.search(remainder) if condition.against else None
    if hit:
        return "against", hit.group()[:_MAX_QUOTED_LENGTH]
    return ("unknown" if remainder == words else "holds"), ""


def _without_denied(condition: Condition, words: str) -> str:
    """Return a posting's words without those that deny what speaks against a condition."""
    return condition.denied.sub(" ", words) if condition.denied else words
