"""The audit: a reader of everything that is printed tries to work out what is hidden.

The reader knows all sums, all figures shown, that `<k` is below k, and what earlier reports showed.
By linear programmes they find the smallest and largest value that a hidden cell can have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bot.disclosure.cells import Cell, Figures, Mark, Printed
from bot.disclosure.linear_program import LinearProgram
from bot.disclosure.rule import DisclosureRule
from bot.warning.errors import DisclosureError
from bot.wording import wording

_SAY = wording("warning")

_NEAR = 1e-6


@dataclass(frozen=True)
class Bounds:
    """Bounds that a reader can work out for a hidden cell, and those that they may."""

    cell: Cell
    low: float
    high: float
    may_low: float
    """Their lower bound must not lie above this, …"""
    may_high: float
    """… and their upper bound not below this."""

    @property
    def is_safe(self) -> bool:
        """Tell whether a reader learns no more than the mark says."""
        return self.low <= self.may_low + _NEAR and self.high >= self.may_high - _NEAR


def needed(cell: Cell, rule: DisclosureRule) -> tuple[float, float] | None:
    """Return the range that must stay open for a cell, None for one that needs no protection.

    Of too few persons: everything from none to one below the limit. Of a figure that one firm
    makes: as many persons below and above it as the limit.
    """
    limit = cell.limit(rule)
    if cell.is_small(rule):
        return 0.0, float(limit - 1)
    if cell.is_dominated(rule):
        return float(max(0, cell.value - limit)), float(cell.value + limit)
    return None


def bounds(printed: Printed) -> Iterator[Bounds]:
    """Yield what a reader can work out of every hidden cell that needs protection."""
    cells, rule = printed.figures.cells, printed.rule
    program = LinearProgram(*_limits(printed), printed.figures.sums)
    for index, cell in enumerate(cells):
        open_range = needed(cell, rule)
        if open_range is None or cell.printed is not None:
            continue
        if printed.marks[index] == "shown":
            yield Bounds(cell, cell.value, cell.value, *open_range)
            continue
        cost = np.zeros(len(cells))
        cost[index] = 1.0
        program.cost(cost)
        low, high = program.solve(), program.solve(largest=True)
        if low is None or high is None:
            raise DisclosureError(_SAY("audit_infeasible"))
        yield Bounds(cell, low, high, *open_range)


def check(printed: Printed) -> None:
    """Raise DisclosureError when a hidden figure could be bounded closer than the rule allows."""
    unsafe = [item for item in bounds(printed) if not item.is_safe]
    if unsafe:
        places = "、".join(str(item.cell.key) for item in unsafe[:5])
        raise DisclosureError(_SAY("hidden_figures_deducible", count=len(unsafe), places=places))


def _limits(printed: Printed) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Return the bounds of each cell as a reader knows them."""
    cells = printed.figures.cells
    upper_bound = 10.0 * (1 + sum(cell.value for cell in cells))
    low, high = np.zeros(len(cells)), np.full(len(cells), upper_bound)
    for index, (cell, mark) in enumerate(zip(cells, printed.marks, strict=True)):
        if mark == "shown":
            low[index] = high[index] = cell.value
        elif mark == "small":
            high[index] = cell.limit(printed.rule) - 1
    return low, high


def marks_of(
    figures: Figures, hidden: set[int], rule: DisclosureRule, unmarked: frozenset[int] = frozenset()
) -> tuple[Mark, ...]:
    """Return the marks of cells when some are hidden; those of earlier reports stay.

    Small cells among the unmarked are printed without `<k`, which would say too much of others.
    """
    marks: list[Mark] = []
    for index, cell in enumerate(figures.cells):
        if cell.printed is not None:
            marks.append(cell.printed)
        elif index not in hidden:
            marks.append("shown")
        else:
            is_marked = cell.is_small(rule) and index not in unmarked
            marks.append("small" if is_marked else "hidden")
    return tuple(marks)
