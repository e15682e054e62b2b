"""Rank of the right unit among the units ranked for a message, over talks of strangers.

A file of units, next to the talks of a round (data/evaluation/rounds), is a mapping of talks to
turns to `{unit: topic/claim, answers: full}`: the unit of the policy base that answers the turn
best, as a reader of the base judged, and whether it answers all of it (`full`) or some of
it (`part`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from bot.evaluation.talks import TalksError
from bot.yaml_files import read_yaml

Answers = Literal["full", "part"]
#: The file of a round, and how far down the ranking is looked.
FILE, MAX_RANK = "units.yml", 10
_RANKS = (1, 3, MAX_RANK)


@dataclass(frozen=True)
class RightUnit:
    """The unit that answers a turn best."""

    unit: str
    answers: Answers


@dataclass
class Standings:
    """Places of right units, by how much of the question they answer; 0 is none of the ranked."""

    places: dict[Answers, Counter[int]] = field(
        default_factory=lambda: {kind: Counter() for kind in get_args(Answers)}
    )

    def add(self, right: RightUnit, ranked: Sequence[str]) -> None:
        """Note where a right unit stands among the ids of those ranked, likeliest first."""
        place = ranked.index(right.unit) + 1 if right.unit in ranked else 0
        self.places[right.answers][place] += 1

    def __str__(self) -> str:
        return "\n".join(self._line(kind, places) for kind, places in self.places.items())

    def _line(self, kind: Answers, places: Counter[int]) -> str:
        count = places.total()
        among = (sum(n for place, n in places.items() if 0 < place <= limit) for limit in _RANKS)
        shares = ", ".join(
            f"among {limit}: {n} ({n / (count or 1):.0%})"
            for limit, n in zip(_RANKS, among, strict=True)
        )
        return f"answered in {kind} by a unit of the base: {count} turns; right unit {shares}"


@dataclass
class SaidStandings:
    """How often a right unit was ranked first, and how often one was said, over played turns.

    A turn that no unit answers counts apart: something of the base was said to it, or not.
    """

    answerable: int = 0
    first: int = 0
    said: int = 0
    lost: int = 0
    """Ranked first and not said: another rule of the assistant came before."""
    others: int = 0
    others_answered: int = 0

    def add(self, right: Sequence[str], first: str, said: str) -> None:
        """Note a turn: the units that answer it, the one ranked first and the one said, or ""."""
        if not right:
            self.others += 1
            self.others_answered += bool(said)
            return
        self.answerable += 1
        self.first += first in right
        self.said += said in right
        self.lost += first in right and said not in right

    def __str__(self) -> str:
        count = self.answerable or 1
        return (
            f"{self.answerable} turns that a unit answers: right unit ranked first {self.first}"
            f" ({self.first / count:.1%}), said {self.said} ({self.said / count:.1%}), ranked first"
            f" and not said {self.lost}\n"
            f"{self.others} turns that none answers: a unit said to {self.others_answered}"
        )


def load_units(file: Path) -> dict[str, dict[int, RightUnit]]:
    """Read a file of units: by talk, by the number of the turn. Raises TalksError."""
    try:
        content = read_yaml(file)
        return {
            str(talk): {int(number): _right(entry) for number, entry in turns.items()}
            for talk, turns in content.items()
        }
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise TalksError(f"{file}: {error!r}") from error


def _right(entry: Mapping[str, str]) -> RightUnit:
    if entry["answers"] not in get_args(Answers):
        raise ValueError(f"{entry['unit']}: {entry['answers']} is neither full nor part")
    answers: Answers = entry["answers"]  # type: ignore[assignment]
    return RightUnit(str(entry["unit"]), answers)
