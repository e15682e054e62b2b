"""Figures that are printed together: cells, and what is known to add up among them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.disclosure.rule import DisclosureRule

#: How a cell is printed: its figure, `<k`, or hidden without a word about its size.
Mark = Literal["shown", "small", "hidden"]
Key = Hashable


@dataclass(frozen=True)
class Cell:
    """A count of persons (or of something else, which is never small)."""

    key: Key
    value: int
    people: bool = True
    sensitive: bool = False
    contributors: int | None = None
    """How many firms make it; None where it is not made by firms."""
    largest: int | None = None
    """What the largest of them makes."""
    printed: Mark | None = None
    """How it was printed before, for cells of earlier reports: that cannot be taken back."""

    def limit(self, rule: DisclosureRule) -> int:
        """Return the number of persons from which on it may be shown."""
        return max(rule.people, rule.sensitive) if self.sensitive else rule.people

    def is_small(self, rule: DisclosureRule) -> bool:
        """Tell whether too few persons are in it."""
        return self.people and self.value < self.limit(rule)

    def is_dominated(self, rule: DisclosureRule) -> bool:
        """Tell whether too few firms make it, or one nearly all of it."""
        if not self.value or self.contributors is None:
            return False
        if self.contributors < rule.contributors:
            return True
        return 100 * (self.largest or 0) > rule.largest_percent * self.value


@dataclass
class Figures:
    """Cells with the sums that hold among them."""

    cells: list[Cell] = field(default_factory=list)
    sums: list[Mapping[int, int]] = field(default_factory=list)
    """Of each sum the coefficient of each cell by its place; all together are zero."""
    _place: dict[Key, int] = field(default_factory=dict)

    def add(self, cell: Cell) -> None:
        """Add a cell. Raises ValueError for a key that is there."""
        if cell.key in self._place:
            raise ValueError(f"two cells {cell.key!r}")
        self._place[cell.key] = len(self.cells)
        self.cells.append(cell)

    def place(self, key: Key) -> int:
        """Return the place of a cell. Raises KeyError."""
        return self._place[key]

    def add_sum(self, total: Key, parts: Sequence[Key], less: Sequence[Key] = ()) -> None:
        """State that a total is the sum of its parts, less some. Raises ValueError if it is not."""
        row = {self.place(total): -1}
        for key in parts:
            row[self.place(key)] = row.get(self.place(key), 0) + 1
        for key in less:
            row[self.place(key)] = row.get(self.place(key), 0) - 1
        if sum(item * self.cells[index].value for index, item in row.items()):
            raise ValueError(f"{total!r} is not the sum of its parts")
        self.sums.append(row)


@dataclass(frozen=True)
class Printed:
    """Marks by which the cells of some figures are printed."""

    figures: Figures
    marks: tuple[Mark, ...]
    rule: DisclosureRule

    def mark(self, key: Key) -> Mark:
        """Return how a cell is printed."""
        return self.marks[self.figures.place(key)]

    def text(self, key: Key) -> str:
        """Return what is printed in a cell."""
        index = self.figures.place(key)
        cell = self.figures.cells[index]
        if self.marks[index] == "small":
            return f"<{cell.limit(self.rule)}"
        return f"{cell.value:,}" if self.marks[index] == "shown" else "—"

    def value(self, key: Key) -> int | None:
        """Return the figure of a cell; None where it is hidden."""
        index = self.figures.place(key)
        return self.figures.cells[index].value if self.marks[index] == "shown" else None

    def percent(self, part: Key, denominator: Key) -> float | None:
        """Return a rate; None where either is hidden or the denominator is too small."""
        above, below = self.value(part), self.value(denominator)
        if above is None or below is None or below < self.rule.denominator:
            return None
        return 100 * above / below

    def hidden(self) -> int:
        """Return how many cells of this report are not shown."""
        new = (item.printed is None for item in self.figures.cells)
        return sum(mark != "shown" and now for mark, now in zip(self.marks, new, strict=True))
