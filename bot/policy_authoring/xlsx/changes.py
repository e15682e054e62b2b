"""Changes of a reviewed spreadsheet: each cell compared with its exported text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.policies.errors import SheetErrors, SheetFault
from bot.policies.policy_file import PolicyFile
from bot.policy_authoring.xlsx.reader import ReturnedRow, Workbook
from bot.policy_authoring.xlsx.sheets import Column, Key, PolicySheetRow, rows


@dataclass(frozen=True)
class Edit:
    """One field that is to be changed."""

    row: PolicySheetRow
    """The present content of the files."""
    field: str
    """The field of the entry: text, value, grade…"""
    new: str
    """The text to stand there; empty to leave the field out."""
    line: int
    """The row of the spreadsheet, for messages."""
    column: str

    @property
    def file(self) -> str:
        """The policy file."""
        return self.row.key[0]

    def fault(self, reason: str) -> SheetFault:
        """Return a fault of this cell."""
        return SheetFault(self.row.sheet.title, self.line, self.column, reason)


def edits(book: Workbook, policies: Sequence[PolicyFile]) -> list[Edit]:
    """Return the fields that a spreadsheet changes.

    Raises SheetErrors with every row that is none of the base's, every cell that is there to be
    read only, and every cell that was changed here as well since the export.
    """
    now = {(row.sheet.title, row.key): row for row in rows(policies)}
    accepted: list[Edit] = []
    faults: list[SheetFault] = []
    visited: set[tuple[str, Key]] = set()
    for line in book.lines:
        place = (line.sheet.title, line.key)
        row = now.get(place)
        if row is None:
            faults.append(_unknown(line))
        elif place in visited:
            faults.append(_fault(line, line.sheet.keys[-1], "the row stands here twice"))
        else:
            exported_cells = book.exported.get(place, row.cells)
            changed = list(_changed(line, row, exported_cells))
            accepted += [change for change in changed if isinstance(change, Edit)]
            faults += [change for change in changed if isinstance(change, SheetFault)]
        visited.add(place)
    if faults:
        raise SheetErrors(faults)
    return accepted


def _changed(
    line: ReturnedRow, row: PolicySheetRow, exported_cells: Sequence[str]
) -> Iterator[Edit | SheetFault]:
    cells = zip(line.sheet.columns, line.cells, exported_cells, row.cells, strict=True)
    for column, new, exported, present in cells:
        if new in (exported.strip(), present):
            continue
        reason = _refused(column, new, exported, present)
        if reason:
            yield _fault(line, column.title, reason)
        else:
            yield Edit(row, column.field, new, line.number, column.title)


def _refused(column: Column, new: str, exported: str, present: str) -> str | None:
    if not column.field:
        return "is there to be read only: change the text or the figure that it is made of"
    if exported.strip() != present:
        return f"was changed in the file since the export, to {present!r}"
    return "has a line break" if "\n" in new or "\r" in new else None


def _unknown(line: ReturnedRow) -> SheetFault:
    titles: Mapping[str, str] = dict(zip(line.sheet.keys, line.key, strict=True))
    key_text = " ".join(text for text in titles.values() if text)
    reason = f"the policy files have no {key_text!r}: new entries are written in the files"
    return _fault(line, line.sheet.keys[-1], reason)


def _fault(line: ReturnedRow, column: str, reason: str) -> SheetFault:
    return SheetFault(line.sheet.title, line.number, column, reason)
