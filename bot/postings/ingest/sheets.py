"""Tables with titles above the header, headers of one or two rows, and merged cells.

A sheet's cells become rows by the names of its columns; a merged cell holds for all its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, Protocol

from bot.postings.ingest.headers import plain_header
from bot.text.pattern_file import patterns

_PATTERNS = patterns("posting_headers")

#: The header is looked for in so many rows with anything in them.
_MAX_FILLED_ROWS = 15
#: … or at most so many in all, and so many columns.
_MAX_HEADER_ROW, _MAX_COLUMNS = 100, 200
#: A header names at least so many fields, one of them the essential one.
_MIN_FIELDS = 2
#: Fields for which a merged cell counts once for all its rows.
_WHOLE_RANGE_FIELDS = ("headcount", "number", "id")
#: 单位名称：沈阳甲公司 above the header holds for all rows.
_ABOVE = re.compile(r"^\s*([^:：]{2,12})[:：]\s*(\S.{0,100}?)\s*$", re.S)

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


class PostingSheetRow(dict[str, Any]):
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
) -> Iterator[tuple[int, PostingSheetRow]] | None:
    """Return the rows of a sheet with their numbers; None when no header in it is known."""
    numbered = enumerate(lines, 1)
    first: list[tuple[int, Cells]] = []
    with_something = 0
    for number, cells in numbered:
        first.append((number, cells))
        with_something += not _empty(cells)
        if with_something >= _MAX_FILLED_ROWS or len(first) >= _MAX_HEADER_ROW:
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
    for index, (number, cells) in enumerate(first):
        if _empty(cells):
            continue
        texts = _texts(cells)
        upper = _header_of_names(tuple(texts), reader, number)
        options = [upper]
        if index + 1 < len(first) and not _empty(first[index + 1][1]):
            below = _texts(first[index + 1][1])
            if _is_second(below, upper, reader):
                groups = _spread(texts, number, merged, len(below))
                options.append(
                    _header_of_names(_combined_names(groups, below, reader), reader, number + 1)
                )
        for header in options:
            count = _field_count(header, reader)
            if count and (best is None or count > best[0]):
                best = count, header
    if best is None:
        return None
    above = [cells for number, cells in first if number <= best[1].last and not _empty(cells)]
    header = best[1]
    for_all = _values_above_header(above, reader)
    if "employer" not in for_all:
        for name in ("contact_name", "phone"):  # then they are the office's
            for_all.pop(name, None)
    missing_fields = {
        name: text for field, (name, text) in for_all.items() if field not in header.fields
    }
    return _Header(header.names, header.fields, header.last, missing_fields)


def _field_count(header: _Header, reader: HeaderReader) -> int:
    """Return how many fields a header names, 0 for one that is none: without the essential one."""
    fields = {name for name in header.fields if name}
    return len(fields) if reader.essential in fields and len(fields) >= _MIN_FIELDS else 0


def _header_of_names(names: tuple[str, ...], reader: HeaderReader, last: int) -> _Header:
    fields = tuple(_field(name, reader) for name in names)
    return _Header(names, fields, last)


def _field(name: str, reader: HeaderReader) -> str | None:
    """Return the field of a header; a sentence is none, whatever words it is made of."""
    return reader.field_of(name) if name and len(plain_header(name)) <= 20 else None


def _is_second(below: Sequence[str], upper: _Header, reader: HeaderReader) -> bool:
    """Tell whether a row is the lower one of two header rows, and no posting."""
    filled_cells = [(column, text) for column, text in enumerate(below) if text]
    if sum(bool(name) for name in upper.names) < _MIN_FIELDS:
        return False  # a title or a note (制表日期：2026.11.20), no groups
    if not filled_cells or any(re.fullmatch(r"[\d.,/-]+", text) for _, text in filled_cells):
        return False
    names = list(_combined_names(_filled(upper.names, len(below)), below, reader))
    recognised = sum(_field(names[column], reader) is not None for column, _ in filled_cells)
    same = sum(
        bool(column < len(upper.names) and upper.names[column] == text)
        for column, text in filled_cells
    )
    return recognised > same and recognised * 2 >= len(filled_cells)


def _filled(names: Sequence[str], width: int) -> list[str]:
    """Carry each group's name over the empty cells to its right."""
    filled: list[str] = []
    for column in range(max(width, len(names))):
        name = names[column] if column < len(names) else ""
        filled.append(name or (filled[-1] if filled else ""))
    return filled


def _spread(texts: Sequence[str], number: int, merged: Sequence[Merged], width: int) -> list[str]:
    """Return the upper header's text of each column: over its merged cells, or to the right."""
    ranges = [
        merged_range
        for merged_range in merged
        if merged_range.first_row <= number <= merged_range.last_row
    ]
    if not ranges:
        return _filled(texts, width)
    spread = [*texts, *[""] * (width - len(texts))]
    for merged_range in ranges:
        if merged_range.first_column <= len(spread) and spread[merged_range.first_column - 1]:
            for column in range(
                merged_range.first_column, min(merged_range.last_column, len(spread)) + 1
            ):
                spread[column - 1] = spread[merged_range.first_column - 1]
    return spread


def _combined_names(
    upper: Sequence[str], lower: Sequence[str], reader: HeaderReader
) -> tuple[str, ...]:
    """Name each column by its two header rows: what is known of them, together or alone."""
    names = []
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        if not below or above == below:
            # A group's name does not name the neighbouring columns that have none of their own.
            names.append(above if not below and _is_own_name(upper, lower, column) else below)
            continue
        group = _PATTERNS["group_suffix"].sub("", above)
        options = (f"{above}{below}", f"{group}{below}", below, f"{below}{above}")
        names.append(next((name for name in options if _field(name, reader)), f"{above} {below}"))
    return tuple(names)


def _is_own_name(upper: Sequence[str], lower: Sequence[str], column: int) -> bool:
    """Tell whether a column's upper name is its own, not carried over from a neighbouring group."""
    return column == 0 or upper[column] != upper[column - 1]


def _values_above_header(
    above: Sequence[Cells], reader: HeaderReader
) -> dict[str, tuple[str, str]]:
    """Return what lines above the header state (单位名称：甲公司): header and text by field."""
    values_by_field: dict[str, tuple[str, str]] = {}
    texts = (str(cell) for cells in above[:-1] for cell in cells[:_MAX_COLUMNS] if cell is not None)
    for text in texts:
        for part in re.split(r"\s{2,}|[;；\n]", text):
            hit = _ABOVE.match(part)
            header_field = reader.field_of(hit[1]) if hit else None
            if hit and header_field in reader.for_all:
                values_by_field.setdefault(str(header_field), (hit[1], hit[2]))
    return values_by_field


def _rows(
    numbered: Iterable[tuple[int, Cells]], header: _Header, merged: Sequence[Merged]
) -> Iterator[tuple[int, PostingSheetRow]]:
    distinct = _distinct(header.names)
    columns = [(column, name) for column, name in enumerate(distinct) if name]
    plain = len(columns) == len(distinct) and not header.for_all
    names, width = frozenset(filter(None, header.names)), len(header.names)
    spread = _MergedCellFiller(header, merged)
    for number, cells in numbered:
        values = spread.values(number, cells)
        first = next((cell for cell in cells[:width] if cell is not None and cell != ""), None)
        if first is None or (first in names and _repeats(cells, names)):
            continue
        if plain:
            yield number, PostingSheetRow(zip(distinct, values, strict=False))
            continue
        row = PostingSheetRow(header.for_all)
        has = len(values)
        for column, name in columns:
            if column < has:
                row[name] = values[column]
        yield number, row


def _repeats(cells: Cells, names: frozenset[str]) -> bool:
    """Tell whether a row repeats the header, as each printed page does."""
    texts = {text for text in _texts(cells) if text}
    return len(texts) >= _MIN_FIELDS and texts <= names


def _distinct(names: Sequence[str]) -> list[str]:
    """Number the columns that have one name: 备注, 备注(2)."""
    name_counts: dict[str, int] = {}
    distinct = []
    for name in names:
        name_counts[name] = name_counts.get(name, 0) + 1
        distinct.append(f"{name}({name_counts[name]})" if name and name_counts[name] > 1 else name)
    return distinct


class _MergedCellFiller:
    """Writes what a merged cell says into each of its rows; to be asked row by row."""

    def __init__(self, header: _Header, merged: Sequence[Merged]) -> None:
        self._width = len(header.names)
        self._of_all = {
            column for column, name in enumerate(header.fields) if name in _WHOLE_RANGE_FIELDS
        }
        tall = [
            merged_range
            for merged_range in merged
            if merged_range.first_row < merged_range.last_row
            and merged_range.last_row > header.last
            and merged_range.first_column <= self._width
        ]
        self._coming = sorted(tall, key=lambda merged_range: merged_range.first_row, reverse=True)
        self._open: list[tuple[Merged, Any]] = []

    def values(self, number: int, cells: Cells) -> Cells:
        """Return the cells of a row with what merged cells say."""
        if not self._open and not self._coming:
            return cells
        values = list(cells[: self._width])
        while self._coming and self._coming[-1].first_row <= number:
            merged_range = self._coming.pop()
            column = merged_range.first_column - 1
            cell = values[column] if column < len(values) else None
            self._open.append((merged_range, cell if merged_range.first_row == number else None))
        if self._open:
            self._open = [
                (merged_range, value)
                for merged_range, value in self._open
                if merged_range.last_row >= number
            ]
        for merged_range, value in self._open:
            column = merged_range.first_column - 1
            values += [None] * (column + 1 - len(values))
            values[column] = None if column in self._of_all else value
        return values


def _texts(cells: Cells) -> list[str]:
    return [
        " ".join(str(cell).split()) if cell is not None else "" for cell in cells[:_MAX_COLUMNS]
    ]


def _empty(cells: Cells) -> bool:
    return not any(cell is not None and cell != "" for cell in cells)
