"""Sums within talks: what a right answer holds, and whether a reply has it.

A file of data/evaluation/sums is a list of `{id, person, turns}`; a turn is `{text, expect}`.
`expect` is `none`, where no sum of this person's own may be said, or `{kind, result}`: the figures
that a right answer holds, as digits, or `{either: [figures, …]}` where the facts allow several
readings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.yaml_files import YamlFileError, read_yaml

Verdict = Literal["right", "wrong", "silent", "none", "unasked"]
"""The sum is there; another one is; none is said; rightly none is said; one is said unasked."""
#: What is said of sums begins lines that are no sum of the person's own.
SOURCES = "依据"
#: Yuan that a sum with fen may differ by, since days' pay may be rounded first.
ROUNDING = 0.6
_NUMBER = re.compile(r"\d[\d,]{0,15}(?:\.\d{1,4})?")
_OWN_SUM = re.compile(r"= ?-?\d|能领\d+个月|\d元 ×|\d{4}年\d+月(?:退|能)|[差少多]\d")


class SumsError(ValueError):
    """A file of sums that cannot be used: file, talk and what is wrong."""


@dataclass(frozen=True)
class SumTurn:
    """A message, and the readings of its sum: each the figures that all have to be there."""

    text: str
    kind: str
    readings: tuple[tuple[float, ...], ...]
    """Empty where no sum may be said."""


@dataclass(frozen=True)
class SumTalk:
    """A talk about sums."""

    id: str
    turns: tuple[SumTurn, ...]


@dataclass
class SumStandings:
    """Verdicts by kind of sum."""

    verdicts: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, turn: SumTurn, verdict: Verdict) -> None:
        """Count the verdict on a reply."""
        self.verdicts.setdefault(turn.kind, Counter())[verdict] += 1

    def __str__(self) -> str:
        """Say the counts of each kind, and of all."""
        total: Counter[str] = sum(self.verdicts.values(), Counter())
        rows = [*sorted(self.verdicts.items()), ("all", total)]
        return "\n".join(
            f"{kind:>22}: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            for kind, counts in rows
        )


def load_sums(file: Path) -> list[SumTalk]:
    """Read a file of sums. Raises SumsError."""
    try:
        entries = read_yaml(file) or ()
        return [SumTalk(str(entry["id"]), tuple(map(_turn, entry["turns"]))) for entry in entries]
    except YamlFileError as error:
        raise SumsError(f"{file.name}: {error.details}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SumsError(f"{file.name}: {error}") from error


def _turn(entry: Mapping[str, Any]) -> SumTurn:
    expected = entry["expect"]
    if expected == "none":
        return SumTurn(str(entry["text"]), "none", ())
    result = expected["result"]
    readings = result["either"] if isinstance(result, Mapping) else [result]
    return SumTurn(
        str(entry["text"]), str(expected["kind"]), tuple(tuple(map(float, r)) for r in readings)
    )


def verdict(turn: SumTurn, lines: Sequence[str]) -> Verdict:
    """Return what a reply is worth; its lines of sources do not count."""
    words = "\n".join(line for line in lines if not line.startswith(SOURCES))
    says_own = bool(_OWN_SUM.search(words))
    if not turn.readings:
        return "unasked" if says_own else "none"
    said = [float(number.replace(",", "")) for number in _NUMBER.findall(words)]
    if any(all(_is_said(figure, said) for figure in reading) for reading in turn.readings):
        return "right"
    return "wrong" if says_own else "silent"


def _is_said(figure: float, said: Sequence[float]) -> bool:
    tolerance = ROUNDING if figure != int(figure) else 0.005
    return any(abs(number - figure) <= tolerance for number in said)
