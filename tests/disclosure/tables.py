"""Rows of figures with their total."""

from __future__ import annotations

from bot.disclosure.cells import Cell, Figures


def row(*values: int) -> Figures:
    """Cells a, b, c… with their total."""
    figures = Figures()
    for name, value in zip("abcdefg", values, strict=False):
        figures.add(Cell(name, value))
    figures.add(Cell("total", sum(values)))
    figures.add_sum("total", list("abcdefg"[: len(values)]))
    return figures
