"""Words for what stations do, whom fairs are for, kinds and states (data/vocab/listings.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError

Group = Literal["functions", "audiences", "kinds", "directories", "states"]


@dataclass(frozen=True)
class Word:
    """One of a group of words."""

    id: str
    name: str
    says: re.Pattern[str]


def words(group: Group) -> Mapping[str, Word]:
    """Return the words of a group by id, in the order of the file. Raises VocabularyError."""
    return _read(settings().data / "vocab" / "listings.yml")[group]


def named(group: Group, text: str) -> list[str]:
    """Return the ids of a group's words that a text has."""
    return [one.id for one in words(group).values() if one.says.search(text)]


def names(group: Group, ids: tuple[str, ...]) -> list[str]:
    """Return the Chinese names of ids; unknown ones are left out."""
    known = words(group)
    return [known[one].name for one in ids if one in known]


@process_cache(size=4)
def _read(file: Path) -> Mapping[str, Mapping[str, Word]]:
    given: Any = YAML().load(file.read_text(encoding="utf-8"))
    found: dict[str, dict[str, Word]] = {}
    for group, listed in given.items():
        found[group] = {}
        for id, of in listed.items():
            line = listed.lc.key(id)[0] + 1
            if not of.get("name") or not of.get("says"):
                raise VocabularyError(file, line, f"{group}.{id}", "", "needs name and says")
            try:
                found[group][id] = Word(id, of["name"], re.compile(of["says"]))
            except re.error as wrong:
                raise VocabularyError(
                    file, line, f"{group}.{id}", of["says"], str(wrong)
                ) from wrong
    return found
