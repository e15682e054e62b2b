"""Error of a faulty vocabulary file."""

from __future__ import annotations

from pathlib import Path


class VocabularyError(ValueError):
    """A vocabulary file is wrong; holds the file, line, field, value and reason."""

    def __init__(self, file: Path, line: int, field: str, value: str, reason: str) -> None:
        super().__init__(f"{file.name}:{line}: {field} {value!r}: {reason}")
        self.file = file
        self.line = line
        self.field = field
        self.value = value
