"""What can go wrong with files of postings and lists of them.

PostingFileError
ShortlistError
"""

from __future__ import annotations

from pathlib import Path


class PostingFileError(ValueError):
    """A file cannot be read as a whole: nothing of it is imported."""

    def __init__(self, file: Path, row: int | None, reason: str) -> None:
        where = f"{file.name}, row {row}" if row else file.name
        super().__init__(f"{where}: {reason}; nothing of this file was imported")
        self.file = file
        self.row = row
        self.reason = reason


class ShortlistError(ValueError):
    """A list for counsellors cannot be made as asked; the message says why."""
