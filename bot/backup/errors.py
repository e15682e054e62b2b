"""The error of a backup that cannot be made, read or restored."""

from __future__ import annotations


class BackupError(RuntimeError):
    """The fault in one sentence, and its remedy."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.remedy = remedy
