"""Choice of hidden cells so that no small one can be worked out: primary, then secondary.

For each cell that must be protected a linear programme looks for the cheapest way to change the
figures so that the cell could as well be none, or one below the limit, while all sums hold. Cells
that must change for it are hidden; so a reader cannot exclude either. (The heuristic of Kelly,
Golden and Assad, 1990.) A small cell that would have to grow over the limit loses its mark `<k`.
Then cells that turn out not to be needed are shown again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from bot.disclosure.audit import bounds, marks_of, needed
from bot.disclosure.cells import Cell, Figures, Printed
from bot.disclosure.linear_program import LinearProgram
from bot.disclosure.rule import DisclosureRule
from bot.warning.errors import DisclosureError
from bot.wording import wording

_SAY = wording("warning")

_NEAR = 1e-6
#: What it costs to take the mark from a small cell: less than to hide one that is shown.
_UNMARK = 0.5
#: It is tried which cells could be shown again while there are no more pairs of a cell to protect
#: and one to try.
_MOST_TRIED = 2000


def suppress(figures: Figures, rule: DisclosureRule) -> Printed:
    """Return how figures may be printed.

    Raises DisclosureError when nothing can protect a cell, as when earlier reports gave it away.
    """
    work = _SuppressionProgram(figures, rule)
    for index in sorted(work.primary, key=lambda item: (-figures.cells[item].value, item)):
        for target in work.targets(index):
            work.protect(index, target)
    work.reduce()
    return work.printed(work.hidden)


class _SuppressionProgram:
    """The figures as a programme: of each cell what it grows, shrinks, and grows over its mark."""

    def __init__(self, figures: Figures, rule: DisclosureRule) -> None:
        self._figures, self._rule, self._cells = figures, rule, figures.cells
        self._most = 10.0 * (1 + sum(item.value for item in self._cells))
        count = len(self._cells)
        self._upper = np.array([room for block in zip(*map(self._room, self._cells), strict=True)
                                for room in block])  # fmt: skip
        blocks = ((0, 1.0), (count, -1.0), (2 * count, 1.0))
        sums = [
            {index + shift: sign * c for shift, sign in blocks for index, c in row.items()}
            for row in figures.sums
        ]
        self._program = LinearProgram(np.zeros(3 * count), self._upper, sums)
        self.primary = frozenset(
            index
            for index, cell in enumerate(self._cells)
            if cell.printed is None and needed(cell, rule) is not None
        )
        self.hidden = set(self.primary)
        self._unmarked: set[int] = set()

    def _room(self, cell: Cell) -> tuple[float, float, float]:
        """Return how far a cell may grow, shrink, and grow on without its mark."""
        if cell.printed == "shown":
            return 0.0, 0.0, 0.0
        if not cell.is_small(self._rule) or cell.printed == "hidden":
            return self._most, float(cell.value), 0.0
        up = float(cell.limit(self._rule) - 1 - cell.value)
        return up, float(cell.value), 0.0 if cell.printed else self._most

    def targets(self, index: int) -> Iterator[float]:
        """Yield the values that a cell must be able to have."""
        for target in needed(self._cells[index], self._rule) or ():
            if target != self._cells[index].value:
                yield target

    def protect(self, index: int, target: float) -> None:
        """Hide cells, or take marks away, so that a cell could have another value."""
        count = len(self._cells)
        change = target - self._cells[index].value
        self._program.cost(self._cost())
        self._program.bound(index, max(0.0, change), max(0.0, change))
        self._program.bound(index + count, max(0.0, -change), max(0.0, -change))
        self._program.bound(index + 2 * count, 0.0, 0.0)
        solved, values = self._program.solve(), self._program.values()
        for variable in (index, index + count, index + 2 * count):
            self._program.bound(variable, 0.0, float(self._upper[variable]))
        if solved is None:
            key = self._cells[index].key
            raise DisclosureError(_SAY("figure_cannot_be_hidden", figure=key))
        up, down, beyond = values.reshape(3, count)
        self._unmarked |= set(map(int, np.flatnonzero(beyond > _NEAR)))
        moved = np.flatnonzero(np.maximum(np.maximum(up, down), beyond) > _NEAR)
        self.hidden |= {int(item) for item in moved if self._cells[item].printed is None}

    def _cost(self) -> npt.NDArray[np.float64]:
        """Return what each change costs: little for hidden cells, else by the cell's size."""
        # A little, so that hidden cells do not move without need.
        cost = np.array(
            [
                1e-4 if index in self.hidden or item.printed else 1.0 + item.value**0.5
                for index, item in enumerate(self._cells)
            ]
        )
        over = [1e-4 if index in self._unmarked else _UNMARK for index in range(len(self._cells))]
        return np.concatenate((cost, cost, over))

    def reduce(self) -> None:
        """Show again what can be shown while all stay protected, the largest first."""
        extra = self.hidden - self.primary
        if len(extra) * len(self.primary) > _MOST_TRIED:
            return
        for index in sorted(extra, key=lambda item: -self._cells[item].value):
            without = self.hidden - {index}
            if all(item.is_safe for item in bounds(self.printed(without))):
                self.hidden = without

    def printed(self, hidden: set[int]) -> Printed:
        """Return how the figures are printed when some are hidden."""
        marks = marks_of(self._figures, hidden, self._rule, frozenset(self._unmarked))
        return Printed(self._figures, marks, self._rule)
