"""Errors of early warning's files, batches and decisions.

WarningError
├── WarningFileErrors   files of data/warning are wrong; each fault has file, line and field
├── BatchError          a file of an office cannot be applied, or a batch not be undone
├── CaseStateError      a step that the state of a case does not allow, or by the wrong person
├── FreezeError         a list that cannot be frozen, or differs when computed again
└── DisclosureError     the audit could bound a hidden figure, or nothing can protect it
"""

from __future__ import annotations

from bot.yaml_files import FileFault


class WarningError(ValueError):
    """Base of all that goes wrong in early warning."""


class WarningFault(FileFault):
    """One thing that is wrong in a file of data/warning."""


class WarningFileErrors(WarningError):
    """Files of data/warning are wrong; nothing of them is used."""

    def __init__(self, faults: list[WarningFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class BatchError(WarningError):
    """A file cannot be applied as a whole, or a batch cannot be undone."""


class CaseStateError(WarningError):
    """A case is not in a state that allows the step, or the second person is the first."""


class FreezeError(WarningError):
    """A month's list cannot be frozen, or is not what it was."""


class DisclosureError(WarningError):
    """A figure that must stay hidden could be worked out from what would be printed."""
