"""What can be wrong with policy files.

PolicyErrors: all faults of a folder, each a
└── PolicyFault: file, line, field and reason
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PolicyFault:
    """One thing that is wrong in a policy file."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class PolicyErrors(ValueError):
    """The policy files are wrong; nothing of them is loaded."""

    def __init__(self, faults: list[PolicyFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults
