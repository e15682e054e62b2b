"""Kinds of answers that a question asks for: yes or no, a sum, a length, a place…"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.caches import process_cache
from bot.settings import settings
from bot.text.normalise import normalise
from bot.yaml_files import read_yaml

#: Characters at the end of a message that are looked at: a story has its question there.
TAIL_CHARS = 200


@dataclass(frozen=True)
class _Kind:
    name: str
    pattern: re.Pattern[str]
    weak: bool


class QuestionKinds:
    """The kinds of one file."""

    def __init__(self, path: Path) -> None:
        kinds = read_yaml(path)["kinds"]
        self._kinds = [
            _Kind(name, re.compile("|".join(entry["patterns"])), bool(entry.get("weak")))
            for name, entry in kinds.items()
        ]

    def kind_of(self, text: str) -> str | None:
        """Return the kind that stands last in a message; None when none does."""
        read = normalise(text).text[-TAIL_CHARS:]
        places = [(self._last(kind.pattern, read), kind) for kind in self._kinds]
        matched = [(position, kind) for position, kind in places if position >= 0]
        strong = [(position, kind) for position, kind in matched if not kind.weak] or matched
        return max(strong, key=lambda match: match[0])[1].name if strong else None

    @staticmethod
    def _last(pattern: re.Pattern[str], text: str) -> int:
        ends = [hit.end() for hit in pattern.finditer(text)]
        return ends[-1] if ends else -1


@process_cache(size=4)
def question_kinds(data: Path | None = None) -> QuestionKinds:
    """Return the kinds of a data folder (default: the settings')."""
    return QuestionKinds((data or settings().data) / "vocab" / "question_kinds.yml")
