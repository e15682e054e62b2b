"""Random tables of people as reports print them, and a simple rule to compare with."""

from __future__ import annotations

import numpy as np

from bot.disclosure.audit import marks_of, needed
from bot.disclosure.cells import Cell, Figures, Printed
from bot.disclosure.rule import DisclosureRule

RULE = DisclosureRule(5, 20, 10, 3, 80, 0)


def crossed(
    figures: Figures, name: str, counts: np.ndarray, before: dict[object, str] | None = None
) -> None:  # type: ignore[type-arg]
    """Add a table of rows and columns with all its totals."""
    rows, columns = counts.shape
    before = before or {}

    def add(row: object, column: object, value: int) -> None:
        key = (name, row, column)
        figures.add(Cell(key, int(value), printed=before.get(key)))  # type: ignore[arg-type]

    for r in range(rows):
        for c in range(columns):
            add(r, c, counts[r, c])
        add(r, "all", counts[r].sum())
    for c in range(columns):
        add("all", c, counts[:, c].sum())
    add("all", "all", counts.sum())
    for r in (*range(rows), "all"):
        figures.add_sum((name, r, "all"), [(name, r, c) for c in range(columns)])
    for c in (*range(columns), "all"):
        figures.add_sum((name, "all", c), [(name, r, c) for r in range(rows)])


def one_table(rng: np.random.Generator) -> Figures:
    figures = Figures()
    crossed(figures, "now", counts(rng))
    return figures


def counts(rng: np.random.Generator) -> np.ndarray:  # type: ignore[type-arg]
    """Counts with many small ones, of 3 to 7 rows and 3 to 6 columns."""
    return rng.negative_binomial(0.8, 0.04, (rng.integers(3, 8), rng.integers(3, 7)))


def two_months(before: np.ndarray, rng: np.random.Generator, marks: dict[object, str]) -> Figures:  # type: ignore[type-arg]
    """A month's stock, in- and outflow beside the stock of the month before as it was printed."""
    inflow = rng.poisson(4, before.shape)
    outflow = np.minimum(rng.poisson(4, before.shape), before + inflow)
    figures = Figures()
    crossed(figures, "before", before, marks)
    for name, table in (("in", inflow), ("out", outflow), ("now", before + inflow - outflow)):
        crossed(figures, name, table)
    rows, columns = before.shape
    for r in (*range(rows), "all"):
        for c in (*range(columns), "all"):
            figures.add_sum(("now", r, c), [("before", r, c), ("in", r, c)], less=[("out", r, c)])
    return figures


def simple_rule(figures: Figures, rule: DisclosureRule) -> Printed:
    """Hide small cells, then in each sum with one hidden cell the smallest other one."""
    hidden = {
        at for at, cell in enumerate(figures.cells) if cell.printed is None and needed(cell, rule)
    }
    while True:
        before = len(hidden)
        for row in figures.sums:
            lone = [at for at in row if at in hidden]
            rest = [at for at in row if at not in hidden and figures.cells[at].printed is None]
            if len(lone) == 1 and rest:
                hidden.add(min(rest, key=lambda at: figures.cells[at].value))
        if len(hidden) == before:
            return Printed(figures, marks_of(figures, hidden, rule), rule)
