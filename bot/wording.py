"""Sentences for users by name, from data/wording: wording is data, not code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from bot.caches import process_cache
from bot.settings import ROOT
from bot.yaml_files import read_yaml


class WordingError(ValueError):
    """A file of sentences is wrong: which file and name, and why."""

    def __init__(self, file: Path, name: str, reason: str) -> None:
        super().__init__(f"{file.name}: {name}: {reason}")
        self.file = file
        self.name = name


@dataclass(frozen=True)
class Wording:
    """The sentences of one file."""

    file: Path
    templates: dict[str, str]

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the sentence of that name with its values filled in.

        Raises KeyError for a name that the file does not have or a value that is not given.
        """
        return self.templates[name].format(**values)


@process_cache(size=256)
def wording(name: str) -> Wording:
    """Return the sentences of data/wording/NAME.yml. Raises WordingError and YamlFileError.

    A file maps names to sentences; {value} stands for what the caller gives.
    """
    return read_wording(ROOT / "data" / "wording" / f"{name}.yml")


def read_wording(file: Path) -> Wording:
    """Read and check a file of sentences. Raises WordingError and YamlFileError."""
    content: Any = read_yaml(file, allow_empty=True)
    if not isinstance(content, dict):
        raise WordingError(file, "", "is not a mapping of names to sentences")
    for name, template in content.items():
        if not isinstance(template, str) or not template:
            raise WordingError(file, str(name), "is not a sentence")
        try:
            fields = [field for _, field, _, _ in Formatter().parse(template) if field is not None]
        except ValueError as error:
            raise WordingError(file, str(name), str(error)) from error
        if not all(field.isidentifier() for field in fields):
            raise WordingError(file, str(name), "a value has no name of its own")
    return Wording(file, content)
