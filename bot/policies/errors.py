"""Errors of policy files and of spreadsheets made from them.

PolicyErrors: all faults of a folder, each a
└── PolicyFault: file, line, field and reason
SheetErrors: all faults of a spreadsheet, each a
└── SheetFault: sheet, row, column and reason
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.yaml_files import FileFault


class PolicyFault(FileFault):
    """One thing that is wrong in a policy file."""


class PolicyErrors(ValueError):
    """The policy files are wrong; nothing of them is loaded."""

    def __init__(self, faults: list[PolicyFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True)
class SheetFault:
    """One thing that is wrong in a spreadsheet of the policy base."""

    sheet: str
    row: int
    """As the spreadsheet counts, the header is 1; 0 for a sheet as a whole."""
    column: str
    reason: str

    def __str__(self) -> str:
        row = f", row {self.row}" if self.row else ""
        column = f", {self.column}" if self.column else ""
        return f"{self.sheet}{row}{column}: {self.reason}"


class SheetErrors(ValueError):
    """The spreadsheet is wrong; no policy file is changed."""

    def __init__(self, faults: list[SheetFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
