"""Regular expressions of a checked data file: words named once, patterns made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.caches import process_cache
from bot.settings import ROOT
from bot.text.errors import VocabularyError
from bot.yaml_files import line_of_value, read_yaml, read_yaml_with_lines

_PLACEHOLDER = re.compile(r"%(\w{1,20})%")
Patterns = dict[str, re.Pattern[str]]


@process_cache(size=128)
def read_patterns(file: Path) -> Patterns:
    """Return the patterns of a file by name. Raises VocabularyError and YamlFileError.

    `words` are lists of alternatives; %name% in `patterns` (and in later words) stands for those of
    that name. A pattern is one expression or a list of alternatives.
    """
    try:
        return _compiled(file, read_yaml(file, allow_empty=True))
    except VocabularyError:
        # Once more by the reader that knows the lines, to name the one at fault.
        return _compiled(file, read_yaml_with_lines(file, allow_empty=True))


def patterns(name: str) -> Patterns:
    """Return the patterns that the code is made of, from data/patterns/NAME.yml.

    They belong to a release as its modules do: no setting puts them elsewhere.
    Raises VocabularyError and YamlFileError.
    """
    return read_patterns(ROOT / "data" / "patterns" / f"{name}.yml")


def _compiled(file: Path, content: Any) -> Patterns:
    for part in ("words", "patterns"):
        if not isinstance(content, dict) or not isinstance(content.get(part), dict):
            raise VocabularyError(file, 1, part, "", "is missing")
    words: dict[str, str] = {}
    for name, alternatives in content["words"].items():
        location = _Location(file, line_of_value(content["words"], name), name)
        if not isinstance(alternatives, list):
            raise location.error(str(alternatives), "is no list of alternatives")
        words[name] = f"(?:{location.filled('|'.join(alternatives), words)})"
    patterns: Patterns = {}
    for name, pattern in content["patterns"].items():
        location = _Location(file, line_of_value(content["patterns"], name), name)
        try:
            expression = pattern if isinstance(pattern, str) else "|".join(pattern)
            patterns[name] = re.compile(location.filled(expression, words))
        except re.error as wrong:
            raise location.error(str(pattern), str(wrong)) from wrong
    return patterns


@dataclass(frozen=True)
class _Location:
    """A place in the file."""

    file: Path
    line: int
    field: str

    def error(self, value: str, reason: str) -> VocabularyError:
        return VocabularyError(self.file, self.line, self.field, value, reason)

    def filled(self, text: str, words: dict[str, str]) -> str:
        """Return a pattern with the words in the place of their names."""
        for name in _PLACEHOLDER.findall(text):
            if name not in words:
                raise self.error(f"%{name}%", "is not among the words above it")
        return _PLACEHOLDER.sub(lambda hit: words[hit[1]], text)
