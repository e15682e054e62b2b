"""Errors of documents."""

from __future__ import annotations


class DocumentError(ValueError):
    """A file that is refused: its name and the reason. Nothing of it is kept."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason
