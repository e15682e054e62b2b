"""The measures of an evaluation: shares with their 95 % confidence intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

#: Of the normal distribution, for 95 %.
_Z = 1.96


@dataclass
class Share:
    """A count of hits among all cases."""

    part: int = 0
    total: int = 0

    def count(self, yes: bool) -> None:
        """Count one case."""
        self.part += yes
        self.total += 1

    @property
    def value(self) -> float | None:
        """The share, None of nothing."""
        return self.part / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % confidence interval after Wilson: holds for few cases and shares near 1."""
        if not self.total:
            return None
        n, p = self.total, self.part / self.total
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def to_dict(self) -> dict[str, Any]:
        """Return value, interval and counts."""
        if self.value is None or self.interval is None:
            return {"value": None, "low": None, "high": None, "n": 0}
        low, high = (round(end, 4) for end in self.interval)
        return {"value": round(self.value, 4), "low": low, "high": high, "n": self.total}


@dataclass
class SlotCounts:
    """Values of one slot: found as expected, missed, or set to something not expected."""

    hit: int = 0
    missed: int = 0
    wrong: int = 0
    """Set to another value than expected; counts against precision and recall."""
    unexpected: int = 0
    """Set in this turn though the turn expects nothing of this slot."""

    def add(self, other: SlotCounts) -> None:
        """Add the counts of another slot."""
        self.hit += other.hit
        self.missed += other.missed
        self.wrong += other.wrong
        self.unexpected += other.unexpected

    def to_dict(self) -> dict[str, Any]:
        """Return recall, precision and F1 of what dialogues state, and the strict F1.

        Dialogues rarely state all that a turn says of a person (退伍兵开店免税不 sets the group):
        what was set beyond them is counted apart, as `unexpected`; `f1_strict` takes it for wrong.
        """
        precision = Share(self.hit, self.hit + self.wrong)
        recall = Share(self.hit, self.hit + self.missed + self.wrong)
        strict = Share(self.hit, self.hit + self.wrong + self.unexpected)
        return {
            "precision": precision.to_dict(),
            "recall": recall.to_dict(),
            "f1": _f1(precision, recall),
            "f1_strict": _f1(strict, recall),
            "unexpected": self.unexpected,
        }


def _f1(precision: Share, recall: Share) -> float:
    p, r = precision.value or 0.0, recall.value or 0.0
    return round(2 * p * r / (p + r), 4) if p + r else 0.0
