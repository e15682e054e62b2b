"""The dialogues of the conversation benchmark, from benchmarks/data/conversation.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).parent / "data" / "conversation.yml"


@dataclass(frozen=True)
class Turn:
    """What a person says once."""

    say: str
    """The text."""
    act: str
    """The intent that the plain Rasa project learns it as."""


def dialogues() -> list[tuple[Turn, ...]]:
    """Return all dialogues, each of the same number of turns."""
    read = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return [tuple(Turn(str(say), act) for say, act in dialogue) for dialogue in read]


def texts() -> list[tuple[str, ...]]:
    """Return what is said in each dialogue."""
    return [tuple(turn.say for turn in dialogue) for dialogue in dialogues()]
