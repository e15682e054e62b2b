"""Screen a posting for what it must not ask for; the patterns and the law stand in data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML

from bot.settings import settings


@dataclass(frozen=True)
class Fault:
    """One thing that a posting must not ask for."""

    id: str
    finds: re.Pattern[str]
    unless: re.Pattern[str]
    says: str
    """What seekers are told, with the law."""


@lru_cache(maxsize=1)
def faults() -> dict[str, Fault]:
    """Return the faults that are looked for, by id."""
    given = YAML(typ="safe").load((settings().data / "vocab" / "screen.yml").read_text("utf-8"))
    return {
        name: Fault(name, re.compile(one["finds"]), re.compile(one["unless"]), one["says"])
        for name, one in given.items()
    }


def screen(text: str) -> list[str]:
    """Return the ids of the faults found in a posting's words."""
    found = []
    for fault in faults().values():
        for hit in fault.finds.finditer(text):
            around = text[max(0, hit.start() - 10) : hit.end() + 6]
            if not fault.unless.search(around):
                found.append(fault.id)
                break
    return found
