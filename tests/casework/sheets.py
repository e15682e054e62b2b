"""Sheets as offices lay them out, with invented people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(number: int, born: str = "19800101", place: str = "210106") -> str:
    """A valid identity number of nobody: the order number stands in its last digits."""
    body = f"{place}{born}{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def sheet(
    folder: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
    title: str = "",
    name: str = "表.xlsx",
) -> Path:
    """An XLSX with a title row above its header, if one is named."""
    book = Workbook()
    page = book.active
    assert page is not None
    if title:
        page.append([title])
    page.append(list(header))
    for row in rows:
        page.append(list(row))
    file = folder / name
    book.save(file)
    return file
