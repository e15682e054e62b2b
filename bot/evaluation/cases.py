"""Dialogues with expected behaviour, read from JSONL and checked before anything runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: What a turn may state beside its text.
FIELDS = frozenset(("text", "act", "topics", "slots", "must", "must_not"))


class CaseError(ValueError):
    """A file of dialogues that cannot be used; says the file, the line and the field."""


@dataclass(frozen=True)
class ExpectedTurn:
    """One turn: what is said, and what should come of it. What is not stated is not judged."""

    text: str
    act: str | None = None
    topics: tuple[str, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialogue:
    """Turns of one person, in order."""

    id: str
    turns: tuple[ExpectedTurn, ...]


def read_cases(file: Path) -> list[Dialogue]:
    """Return the dialogues of a JSONL file. Raises CaseError."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    dialogues = [_dialogue(file, number, line) for number, line in lines if line.strip()]
    if not dialogues:
        raise CaseError(f"{file}: holds no dialogue")
    return dialogues


def _dialogue(file: Path, number: int, line: str) -> Dialogue:
    try:
        content = json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseError(f"{file}, line {number}: no JSON ({error.msg})") from None
    turns = content.get("turns") if isinstance(content, dict) else None
    if not turns or not isinstance(turns, list):
        raise CaseError(f"{file}, line {number}, turns: is missing")
    return Dialogue(
        str(content.get("id", number)), tuple(_turn(file, number, turn) for turn in turns)
    )


def _turn(file: Path, number: int, content: Any) -> ExpectedTurn:
    if not isinstance(content, dict) or not isinstance(content.get("text"), str):
        raise CaseError(f"{file}, line {number}, text: is missing")
    unknown = set(content) - FIELDS
    if unknown:
        raise CaseError(f"{file}, line {number}, {sorted(unknown)[0]}: is no field of a turn")
    lists = {name: tuple(content.get(name) or ()) for name in ("topics", "must", "must_not")}
    return ExpectedTurn(
        content["text"], content.get("act"), slots=content.get("slots") or {}, **lists
    )
