"""The words of law for what people say: 撵我走 is 解除劳动合同."""

from __future__ import annotations

import re
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.normalise import normalise
from bot.yaml_files import read_yaml


@process_cache(size=4)
def _table(data: Path) -> list[tuple[re.Pattern[str], str]]:
    path = data / "law" / "lay_words.yml"
    legal_by_lay: dict[str, str] = read_yaml(path)
    return [(re.compile(pattern), words) for pattern, words in legal_by_lay.items()]


def legal_words(question: str, data: Path | None = None) -> str:
    """Return the words that laws use for what a question says; empty when it says nothing known."""
    text = normalise(question).text
    table = _table(data or settings().data)
    return " ".join(words for pattern, words in table if pattern.search(text))


@process_cache(size=4)
def _field(data: Path) -> tuple[str, ...]:
    path = data / "law" / "field_words.yml"
    return tuple(read_yaml(path))


def concerns_labour_law(question: str, data: Path | None = None) -> bool:
    """Tell whether a question speaks of what the laws of work and social insurance rule."""
    text = normalise(question).text
    return any(word in text for word in _field(data or settings().data)) or bool(
        legal_words(question, data)
    )
