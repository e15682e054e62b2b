"""Words for functions of stations, audiences of fairs, kinds, states (data/vocab/listings.yml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.caches import process_cache
from bot.settings import settings
from bot.text.errors import VocabularyError
from bot.yaml_files import line_of, read_yaml_with_lines

Group = Literal["functions", "audiences", "kinds", "directories", "states"]


@dataclass(frozen=True)
class Word:
    """One of a group of words."""

    id: str
    name: str
    pattern: re.Pattern[str]


def words(group: Group) -> Mapping[str, Word]:
    """Return the words of a group by id, in the order of the file. Raises VocabularyError."""
    return _read(settings().data_file("vocab", "listings.yml"))[group]


def matching_ids(group: Group, text: str) -> list[str]:
    """Return the ids of a group's words that a text has."""
    return [word.id for word in words(group).values() if word.pattern.search(text)]


def names(group: Group, ids: tuple[str, ...]) -> list[str]:
    """Return the Chinese names of ids; unknown ones are left out."""
    words_by_id = words(group)
    return [words_by_id[id].name for id in ids if id in words_by_id]


@process_cache(size=4)
def _read(file: Path) -> Mapping[str, Mapping[str, Word]]:
    content: Any = read_yaml_with_lines(file)
    words_by_group: dict[str, dict[str, Word]] = {}
    for group, listed in content.items():
        words_by_group[group] = {}
        for id, entry in listed.items():
            line = line_of(listed, id)
            if not entry.get("name") or not entry.get("says"):
                raise VocabularyError(file, line, f"{group}.{id}", "", "needs name and says")
            try:
                words_by_group[group][id] = Word(id, entry["name"], re.compile(entry["says"]))
            except re.error as wrong:
                raise VocabularyError(
                    file, line, f"{group}.{id}", entry["says"], str(wrong)
                ) from wrong
    return words_by_group
