"""Ledger of wages owed: what was worked at which rate, what was paid, added and taken off.

It lives in the slot `facts` and in the talk's stated facts as plain JSON values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class WorkItem:
    """So many units of work (months, days, hours, pieces), or an amount owed for a month."""

    unit: str
    """月, 天, 时, or what is counted: 台, 吨, 单."""
    count: float = 0
    labels: list[int] = field(default_factory=list)
    """The months that it is of, 1 to 12; empty where none was named."""
    rate: float | None = None
    """Yuan a unit where it has a rate of its own."""
    amount: float | None = None
    """Yuan in all, where that was told in place of a rate."""
    word: str = ""
    """How the unit is said: 个月, 个工."""


@dataclass
class Entry:
    """A sum that is added or taken off."""

    name: str
    amount: float
    is_claimed: bool = False
    """True where only the employer says so."""


@dataclass
class Ledger:
    """All that was told of the wages of one person."""

    rates: dict[str, float] = field(default_factory=dict)
    """Yuan by unit."""
    items: list[WorkItem] = field(default_factory=list)
    payments: list[Entry] = field(default_factory=list)
    extras: list[Entry] = field(default_factory=list)
    pending: list[Entry] = field(default_factory=list)
    """Further items that were told, but not asked to be added."""
    deductions: list[Entry] = field(default_factory=list)
    offer: float | None = None
    """What the employer says they will pay."""
    iou: float | None = None
    """What a written acknowledgement of the debt says."""
    people: float = 1
    is_owing: bool = False
    """True where it was said that the work was not paid."""

    @classmethod
    def from_dict(cls, content: Mapping[str, Any] | None) -> Ledger:
        """Read what `to_dict` wrote; None is an empty ledger."""
        values = dict(content or {})
        values["items"] = [WorkItem(**item) for item in values.get("items") or ()]
        for name in ("payments", "extras", "pending", "deductions"):
            values[name] = [Entry(**entry) for entry in values.get(name) or ()]
        values["rates"] = dict(values.get("rates") or {})
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return asdict(self)

    def rate_of(self, item: WorkItem) -> float | None:
        """Return the rate that an item is paid by in its own unit; None when it is not known."""
        return item.rate if item.rate is not None else self.rates.get(item.unit)
