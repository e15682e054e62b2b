"""Result of a calculation, and the formats of amounts and lengths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

#: The name of an amount that is all of a result.
WHOLE = ""
Texts = Mapping[str, str]
"""Figures of the version as text, by name."""


@dataclass(frozen=True)
class CalculationResult:
    """A result, or as much of it as the facts allow."""

    lines: list[str]
    used: tuple[str, ...]
    """Names of the figures it rests on."""
    assumes: str = ""
    missing: str | None = None
    """The fact asked for."""
    ask: str = ""
    next_step: str = ""
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    """What was worked out, in yuan, by its name (N, N+1); WHOLE where there is one alone."""


def numbers(values: Mapping[str, str]) -> dict[str, Decimal]:
    """Return the figures that are numbers."""
    numeric = {}
    for name, text in values.items():
        try:
            numeric[name] = Decimal(text)
        except InvalidOperation:
            continue
    return numeric


def money(amount: Decimal) -> str:
    """Say an amount: 42000元, 413.79元."""
    return f"{amount.normalize():f}元" if amount == amount.to_integral() else f"{amount}元"


def length(months: float) -> str:
    """Say a length: 8年3个月; days beyond whole months are 多."""
    years, rest = divmod(int(months), 12)
    duration = f"{years}年" * bool(years) + f"{rest}个月" * bool(rest or not years)
    return duration + "多" * (months != int(months))


def format_number(number: Decimal) -> str:
    """Say a number without zeros at its end."""
    return f"{number.normalize():f}"
