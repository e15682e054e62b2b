"""Errors of the register of personal data and of requests to it.

RegisterErrors: all faults of the file, each a
└── RegisterFault: file, line, field and reason
KeyTooShort: a key that would be found everywhere
"""

from __future__ import annotations

from bot.yaml_files import FileFault


class RegisterFault(FileFault):
    """One thing that is wrong in the register."""


class RegisterErrors(ValueError):
    """The register cannot be used; nothing is deleted by it."""

    def __init__(self, faults: list[RegisterFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class KeyTooShort(ValueError):
    """A search key so short that it stands in much that is not the person's."""

    def __init__(self, key: str, shortest: int) -> None:
        super().__init__(f"{key!r} is too short to look for: at least {shortest} characters")
