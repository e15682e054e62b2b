"""Tables as offices lay them out: the header under titles, in one row or two, and merged cells.

A sheet's cells become rows by the names of its columns; a merged cell holds for all its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Protocol

from bot.jobs.headers import plain_header

#: The header is looked for in so many rows with anything in them.
_LOOKED_AT = 15
#: … or at most so many in all, and so many columns.
_HIGHEST, _WIDEST = 100, 200
#: A header names at least so many fields, one of them the essential one.
_LEAST = 2
#: Fields of which a merged cell means all its rows together, not each.
_OF_ALL = ("headcount", "number", "id")
#: 单位名称：沈阳甲公司 above the header holds for all rows.
_ABOVE = re.compile(r"^\s*([^:：]{2,12})[:：]\s*(\S.{0,100}?)\s*$", re.S)
_GROUP = re.compile(r"(?:基本)?(?:信息|情况|需求|条件|资料)$")

Cells = Sequence[Any]


class HeaderReader(Protocol):
    """Knows what the columns of one kind of table are called."""

    @property
    def essential(self) -> str:
        """The field without which a row of headers is none: of postings the title."""

    @property
    def for_all(self) -> tuple[str, ...]:
        """Fields that a line above the header may state for all rows."""

    def field_of(self, header: str) -> str | None:
        """Return the field that a column's header means, None for one that is not known."""


class SheetRow(dict[str, Any]):
    """A row of a table by the headers of its columns."""

    sheet: str = ""
    """The sheet it stands in; empty for the only one."""


@dataclass(frozen=True)
class Merged:
    """A range of merged cells, rows and columns counted from 1."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class _Header:
    """The row or rows that name a sheet's columns."""

    names: tuple[str, ...]
    """Of each column, empty for one without a name."""
    fields: tuple[str | None, ...]
    """What each column means."""
    last: int
    """Number of its last row."""
    for_all: dict[str, str] = field(default_factory=dict)
    """What lines above it state for all rows."""


def table(
    lines: Iterable[Cells], reader: HeaderReader, merged: Sequence[Merged] = ()
) -> Iterator[tuple[int, SheetRow]] | None:
    """Return the rows of a sheet with their numbers; None when no header in it is known."""
    numbered = enumerate(lines, 1)
    first: list[tuple[int, Cells]] = []
    with_something = 0
    for number, cells in numbered:
        first.append((number, cells))
        with_something += not _empty(cells)
        if with_something >= _LOOKED_AT or len(first) >= _HIGHEST:
            break
    header = _header(first, reader, merged)
    if header is None:
        return None
    rest = chain(first, numbered)
    return _rows(islice(rest, header.last, None), header, merged)


def _header(
    first: Sequence[tuple[int, Cells]], reader: HeaderReader, merged: Sequence[Merged]
) -> _Header | None:
    """Return the header that names most fields; the upper one of two that name as many."""
    best: tuple[int, _Header] | None = None
    for at, (number, cells) in enumerate(first):
        if _empty(cells):
            continue
        texts = _texts(cells)
        one = _named(tuple(texts), reader, number)
        options = [one]
        if at + 1 < len(first) and not _empty(first[at + 1][1]):
            below = _texts(first[at + 1][1])
            if _is_second(below, one, reader):
                groups = _spread(texts, number, merged, len(below))
                options.append(_named(_both(groups, below, reader), reader, number + 1))
        for header in options:
            count = _known(header, reader)
            if count and (best is None or count > best[0]):
                best = count, header
    if best is None:
        return None
    above = [cells for number, cells in first if number <= best[1].last and not _empty(cells)]
    header = best[1]
    for_all = _stated_above(above, reader)
    if "employer" not in for_all:
        for name in ("contact_name", "phone"):  # then they are the office's
            for_all.pop(name, None)
    stated = {name: text for field, (name, text) in for_all.items() if field not in header.fields}
    return _Header(header.names, header.fields, header.last, stated)


def _known(header: _Header, reader: HeaderReader) -> int:
    """Return how many fields a header names, 0 for one that is none: without the essential one."""
    fields = {name for name in header.fields if name}
    return len(fields) if reader.essential in fields and len(fields) >= _LEAST else 0


def _named(names: tuple[str, ...], reader: HeaderReader, last: int) -> _Header:
    fields = tuple(_field(name, reader) for name in names)
    return _Header(names, fields, last)


def _field(name: str, reader: HeaderReader) -> str | None:
    """Return the field of a header; a sentence is none, whatever words it is made of."""
    return reader.field_of(name) if name and len(plain_header(name)) <= 20 else None


def _is_second(below: Sequence[str], upper: _Header, reader: HeaderReader) -> bool:
    """Tell whether a row is the lower one of two header rows, and no posting."""
    stated = [(at, text) for at, text in enumerate(below) if text]
    if sum(bool(name) for name in upper.names) < _LEAST:
        return False  # a title or a note (制表日期：2026.11.20), no groups
    if not stated or any(re.fullmatch(r"[\d.,/-]+", text) for _, text in stated):
        return False
    names = list(_both(_filled(upper.names, len(below)), below, reader))
    known = sum(_field(names[at], reader) is not None for at, _ in stated)
    same = sum(bool(at < len(upper.names) and upper.names[at] == text) for at, text in stated)
    return known > same and known * 2 >= len(stated)


def _filled(names: Sequence[str], width: int) -> list[str]:
    """Carry each group's name over the empty cells to its right."""
    filled: list[str] = []
    for at in range(max(width, len(names))):
        name = names[at] if at < len(names) else ""
        filled.append(name or (filled[-1] if filled else ""))
    return filled


def _spread(texts: Sequence[str], number: int, merged: Sequence[Merged], width: int) -> list[str]:
    """Return the upper header's text of each column: over its merged cells, or to the right."""
    here = [one for one in merged if one.first_row <= number <= one.last_row]
    if not here:
        return _filled(texts, width)
    spread = [*texts, *[""] * (width - len(texts))]
    for one in here:
        if one.first_column <= len(spread) and spread[one.first_column - 1]:
            for column in range(one.first_column, min(one.last_column, len(spread)) + 1):
                spread[column - 1] = spread[one.first_column - 1]
    return spread


def _both(upper: Sequence[str], lower: Sequence[str], reader: HeaderReader) -> tuple[str, ...]:
    """Name each column by its two header rows: what is known of them, together or alone."""
    names = []
    for at in range(max(len(upper), len(lower))):
        above = upper[at] if at < len(upper) else ""
        below = lower[at] if at < len(lower) else ""
        if not below or above == below:
            # A group's name does not name the columns beside it that have none of their own.
            names.append(above if not below and _alone(upper, lower, at) else below)
            continue
        options = (f"{above}{below}", f"{_GROUP.sub('', above)}{below}", below, f"{below}{above}")
        names.append(next((name for name in options if _field(name, reader)), f"{above} {below}"))
    return tuple(names)


def _alone(upper: Sequence[str], lower: Sequence[str], at: int) -> bool:
    """Tell whether a column's upper name is its own, not carried over from a group beside it."""
    return at == 0 or upper[at] != upper[at - 1]


def _stated_above(above: Sequence[Cells], reader: HeaderReader) -> dict[str, tuple[str, str]]:
    """Return what lines above the header state (单位名称：甲公司): header and text by field."""
    stated: dict[str, tuple[str, str]] = {}
    texts = (str(cell) for cells in above[:-1] for cell in cells[:_WIDEST] if cell is not None)
    for text in texts:
        for part in re.split(r"\s{2,}|[;；\n]", text):
            hit = _ABOVE.match(part)
            known = reader.field_of(hit[1]) if hit else None
            if hit and known in reader.for_all:
                stated.setdefault(str(known), (hit[1], hit[2]))
    return stated


def _rows(
    numbered: Iterable[tuple[int, Cells]], header: _Header, merged: Sequence[Merged]
) -> Iterator[tuple[int, SheetRow]]:
    distinct = _distinct(header.names)
    columns = [(at, name) for at, name in enumerate(distinct) if name]
    plain = len(columns) == len(distinct) and not header.for_all
    names, width = frozenset(filter(None, header.names)), len(header.names)
    spread = _Spread(header, merged)
    for number, cells in numbered:
        values = spread.values(number, cells)
        first = next((cell for cell in cells[:width] if cell is not None and cell != ""), None)
        if first is None or (first in names and _repeats(cells, names)):
            continue
        if plain:
            yield number, SheetRow(zip(distinct, values, strict=False))
            continue
        row = SheetRow(header.for_all)
        has = len(values)
        for at, name in columns:
            if at < has:
                row[name] = values[at]
        yield number, row


def _repeats(cells: Cells, names: frozenset[str]) -> bool:
    """Tell whether a row repeats the header, as each printed page does."""
    texts = {text for text in _texts(cells) if text}
    return len(texts) >= _LEAST and texts <= names


def _distinct(names: Sequence[str]) -> list[str]:
    """Number the columns that have one name: 备注, 备注(2)."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name}({seen[name]})" if name and seen[name] > 1 else name)
    return distinct


class _Spread:
    """Writes what a merged cell says into each of its rows; to be asked row by row."""

    def __init__(self, header: _Header, merged: Sequence[Merged]) -> None:
        self._width = len(header.names)
        self._of_all = {at for at, name in enumerate(header.fields) if name in _OF_ALL}
        tall = [
            one
            for one in merged
            if one.first_row < one.last_row
            and one.last_row > header.last
            and one.first_column <= self._width
        ]
        self._coming = sorted(tall, key=lambda one: one.first_row, reverse=True)
        self._open: list[tuple[Merged, Any]] = []

    def values(self, number: int, cells: Cells) -> Cells:
        """Return the cells of a row with what merged cells say."""
        if not self._open and not self._coming:
            return cells
        values = list(cells[: self._width])
        while self._coming and self._coming[-1].first_row <= number:
            one = self._coming.pop()
            column = one.first_column - 1
            here = values[column] if column < len(values) else None
            self._open.append((one, here if one.first_row == number else None))
        if self._open:
            self._open = [(one, value) for one, value in self._open if one.last_row >= number]
        for one, value in self._open:
            column = one.first_column - 1
            values += [None] * (column + 1 - len(values))
            values[column] = None if column in self._of_all else value
        return values


def _texts(cells: Cells) -> list[str]:
    return [" ".join(str(cell).split()) if cell is not None else "" for cell in cells[:_WIDEST]]


def _empty(cells: Cells) -> bool:
    return not any(cell is not None and cell != "" for cell in cells)
