"""Lines of a posting's card: publication day, source and stated details."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.caches import process_cache
from bot.settings import settings
from bot.yaml_files import read_yaml

#: A file that postings came from is named without its ending.
FILE_ENDING = re.compile(r"\.(?:csv|jsonl?|ods|tsv|xlsx?|xml)$", re.IGNORECASE)


@process_cache(size=1)
def wording() -> dict[str, Any]:
    """Return data/vocab/posting_card.yml."""
    file = settings().data_file("vocab", "posting_card.yml")
    read: dict[str, Any] = read_yaml(file)
    return read


def origin_line(source: str, published: date | None, until: date | None = None) -> str:
    """Return the line of a posting's source and days: 来自演示数据，2026-11-17发布."""
    templates = wording()["origin"]
    name = FILE_ENDING.sub("", source)
    parts = [
        templates["source"].format(value=name) if name else "",
        templates["published"].format(value=published) if published else templates["undated"],
        templates["until"].format(value=until) if until else "",
    ]
    return "，".join(filter(None, parts))


def expired_line(until: date) -> str:
    """Return the line for a posting that is past its last day."""
    line: str = wording()["over"].format(value=until)
    return line


def detail_lines(values: Mapping[str, str]) -> list[str]:
    """Return the lines of the details that a posting states."""
    lines: dict[str, str] = wording()["details"]
    return [line.format(value=values[name]) for name, line in lines.items() if values.get(name)]
