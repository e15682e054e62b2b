"""Talks of new users as they are judged: what they say, and what was made of each answer.

A file of talks is a list of `{id, person, goal, turns: [text…]}`; a file of judgements a mapping
of versions to talks to `{marks: [mark…], got: true}`, a mark a turn: docs/evaluation.md says what
each means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.yaml_files import YamlFileError, read_yaml

#: What an answer can be, best first.
MARKS = ("good", "half", "asked", "wrong", "useless")
#: The files of a round.
TALKS, JUDGEMENTS = "talks.yml", "judgements.yml"


class TalksError(ValueError):
    """A file that cannot be used: which, and what is wrong with it."""


@dataclass(frozen=True)
class Talk:
    """The messages of one person, the same for any answers."""

    id: str
    person: str
    goal: str
    turns: tuple[str, ...]


@dataclass(frozen=True)
class JudgedRound:
    """The result of one version in a round."""

    round: str
    version: str
    marks: Mapping[str, int]
    got: int
    """The number of talks in which people got what they came for."""
    talks: int

    @property
    def turns(self) -> int:
        """The number of answers judged."""
        return sum(self.marks.values())

    def __str__(self) -> str:
        counts = ", ".join(f"{mark} {self.marks.get(mark, 0)}" for mark in MARKS)
        share = self.marks.get("good", 0) / (self.turns or 1)
        return (
            f"{self.round} {self.version}: {counts} of {self.turns} ({share:.0%} good);"
            f" got it {self.got} of {self.talks}"
        )


def load_talks(file: Path) -> list[Talk]:
    """Read the talks of a file. Raises TalksError."""
    try:
        return [_talk(entry) for entry in _read(file)]
    except (KeyError, TypeError, ValueError) as error:
        raise TalksError(f"{file}: {error!r}") from error


def _talk(content: Mapping[str, Any]) -> Talk:
    turns = tuple(content["turns"])
    if not turns or not all(isinstance(text, str) for text in turns):
        raise ValueError(f"{content['id']}: turns must be texts")
    return Talk(
        str(content["id"]), str(content.get("person") or ""), str(content.get("goal") or ""), turns
    )


def load_judgements(folder: Path) -> list[JudgedRound]:
    """Read how each version did in the round of a folder. Raises TalksError."""
    lengths = {talk.id: len(talk.turns) for talk in load_talks(folder / TALKS)}
    file = folder / JUDGEMENTS
    try:
        return [
            _judged(folder.name, version, judged_talks, lengths)
            for version, judged_talks in _read(file).items()
        ]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TalksError(f"{file}: {error!r}") from error


def _judged(
    name: str, version: str, judged_talks: Mapping[str, Any], lengths: Mapping[str, int]
) -> JudgedRound:
    marks: Counter[str] = Counter()
    for talk, judgement in judged_talks.items():
        if len(judgement["marks"]) != lengths[talk] or set(judgement["marks"]) - set(MARKS):
            raise ValueError(f"{version}, {talk}: not one mark a turn")
        marks.update(judgement["marks"])
    got = sum(bool(judgement["got"]) for judgement in judged_talks.values())
    return JudgedRound(name, version, dict(marks), got, len(judged_talks))


def _read(file: Path) -> Any:
    try:
        return read_yaml(file, allow_empty=True) or []
    except YamlFileError as error:
        raise ValueError(error.details) from error
