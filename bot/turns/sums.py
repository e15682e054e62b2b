"""The sums worked out in a talk, so that later messages can go on from them: 那N+1呢, 一共多少."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.arithmetic.results import WHOLE

#: Sums that are remembered.
MAX_SUMS = 8


@dataclass(frozen=True)
class WorkedOut:
    """A sum that was said: of which policy, of whom, of what, and its amounts in yuan."""

    topic: str
    person: str
    """The word for whose it is (媳妇); empty for the writer's own."""
    about: str
    """What tells it from others of its policy: the holiday that was worked."""
    amounts: Mapping[str, Decimal]
    """By name: N, N+1, 2N; WHOLE where it is one amount."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What it was worked out from; of a supposed sum nothing."""
    supposed: bool = False
    """True when it rests on what was only supposed: 要是干到明年四月呢."""

    def to_slot(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        amounts = {name: str(amount) for name, amount in self.amounts.items()}
        return {
            "topic": self.topic, "person": self.person, "about": self.about,
            "amounts": amounts, "facts": dict(self.facts), "supposed": self.supposed,
        }  # fmt: skip

    @classmethod
    def from_slot(cls, value: Mapping[str, Any]) -> WorkedOut:
        """Read what `to_slot` wrote."""
        amounts = {name: Decimal(amount) for name, amount in value["amounts"].items()}
        return cls(**{**value, "amounts": amounts})

    def amount(self, name: str = WHOLE) -> Decimal:
        """Return the amount of a name; without one of it the first."""
        return self.amounts.get(name, next(iter(self.amounts.values())))


def worked_out(results: Sequence[Mapping[str, Any]]) -> list[WorkedOut]:
    """Return the sums of a talk's state, the latest last."""
    return [WorkedOut.from_slot(result) for result in results]


def merged_results(
    earlier: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[Mapping[str, Any], ...]:
    """Return the sums after new ones; one of the same takes the place of the former."""
    taken = {_key(result) for result in new}
    return (*(result for result in earlier if _key(result) not in taken), *new)[-MAX_SUMS:]


def _key(result: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(result[name] for name in ("topic", "person", "about", "supposed"))
