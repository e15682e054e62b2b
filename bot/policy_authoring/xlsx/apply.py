"""Apply a reviewed spreadsheet to the policy files: all of its changes or none.

Comments, order and spelling of all that was not changed stay as they are.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.policies.errors import PolicyErrors, PolicyFault, SheetErrors, SheetFault
from bot.policies.validate import read_folder
from bot.policy_authoring.xlsx.changes import Edit, edits
from bot.policy_authoring.xlsx.reader import Workbook, read
from bot.yaml_files import edited_text, flow_list, read_for_editing

_DAYS = ("dated", "effective_from")


@dataclass(frozen=True)
class PolicyImportReport:
    """The changes made by a spreadsheet."""

    changed: int
    """Fields that were changed."""
    files: tuple[str, ...]
    remarks: tuple[str, ...]
    """The remarks of the reviewers, each with sheet and row."""

    def __str__(self) -> str:
        head = f"{self.changed} fields changed in {len(self.files)} files"
        return "\n".join([head, *(f"  {file}" for file in self.files), *self.remarks])


def apply_workbook(file: Path, folder: Path) -> PolicyImportReport:
    """Write the changes of a spreadsheet into the policy files of a folder.

    Raises SheetErrors when the spreadsheet or one of its changes is refused, PolicyErrors when
    the files themselves are wrong; nothing is written then.
    """
    book = read(file)
    changes = edits(book, read_folder(folder))
    texts = _edited_texts(changes, folder)
    if texts:
        _check(texts, changes, folder)
        _write(texts, folder)
    return PolicyImportReport(len(changes), tuple(sorted(texts)), tuple(_remarks(book)))


def _remarks(book: Workbook) -> list[str]:
    return [
        f"{line.sheet.title}, row {line.number}, {' '.join(line.key)}: {line.remark}"
        for line in book.lines
        if line.remark
    ]


def _edited_texts(changes: Sequence[Edit], folder: Path) -> dict[str, str]:
    """Return the new texts of the files that change, by file."""
    texts: dict[str, str] = {}
    faults: list[SheetFault] = []
    for name in dict.fromkeys(edit.file for edit in changes):
        content = read_for_editing(folder / name)
        for edit in changes:
            if edit.file == name:
                fault = _change(content, edit)
                faults += [fault] if fault else []
        texts[name] = edited_text(content)
    if faults:
        raise SheetErrors(faults)
    return texts


def _change(content: Any, edit: Edit) -> SheetFault | None:
    """Change one field in a file's tree; return a fault when its text is no value for it."""
    entry = content["versions"][edit.row.version][edit.row.sheet.block][edit.row.key[-1]]
    if not edit.new:
        entry.pop(edit.field, None)
        return None
    if edit.field == "sources":
        keys = edit.new.replace(",", "、").split("、")
        entry["sources"] = flow_list(key.strip() for key in keys)
    elif edit.field in _DAYS:
        try:
            entry[edit.field] = date.fromisoformat(edit.new)
        except ValueError:
            return edit.fault(f"{edit.new!r} is no date (2025-05-16)")
    else:
        old = entry.get(edit.field)
        entry[edit.field] = type(old)(edit.new) if isinstance(old, str) else edit.new
    return None


def _check(texts: dict[str, str], changes: Sequence[Edit], folder: Path) -> None:
    """Check the folder as it would be, by the same rules as the files. Raises SheetErrors."""
    with tempfile.TemporaryDirectory() as copied:
        copy = Path(copied)
        for path in folder.glob("*.yml"):
            (copy / path.name).write_bytes(path.read_bytes())
        for name, text in texts.items():
            (copy / name).write_text(text, encoding="utf-8")
        try:
            read_folder(copy)
        except PolicyErrors as wrong:
            raise SheetErrors([_in_sheet(fault, changes) for fault in wrong.faults]) from wrong


def _in_sheet(fault: PolicyFault, changes: Sequence[Edit]) -> SheetFault:
    """Return a fault of a file as one of the cell that brought it about.

    The entry itself, when it was changed; else the nearest change in the same file.
    """
    block, _, rest = fault.field.partition(".")
    name, _, field = rest.partition(".")
    own = [edit for edit in changes if edit.file == fault.file] or changes
    place = (block, name, fault.line)
    entry = [e for e in own if (e.row.sheet.block, e.row.key[-1], e.row.line) == place]
    exact = [edit for edit in entry if edit.field == field]
    nearest = sorted(own, key=lambda edit: abs(edit.row.line - fault.line))
    return (exact or entry or nearest)[0].fault(f"{fault.field}: {fault.reason}")


def _write(texts: dict[str, str], folder: Path) -> None:
    """Replace the files; when one cannot be, put those back that were replaced before it."""
    originals = {name: (folder / name).read_bytes() for name in texts}
    try:
        for name, text in texts.items():
            temporary = folder / f".{name}.new"
            temporary.write_text(text, encoding="utf-8")
            os.replace(temporary, folder / name)
    except OSError:
        for name, content in originals.items():
            (folder / name).write_bytes(content)
        raise
