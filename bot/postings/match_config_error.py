"""Errors of the file of weights.

MatchFileError
"""

from __future__ import annotations

from pathlib import Path


class MatchFileError(ValueError):
    """data/match.yml holds a value that cannot be used."""

    def __init__(self, file: Path, field: str, reason: str) -> None:
        super().__init__(f"{file.name}: {field}: {reason}")
        self.file = file
        self.field = field
        self.reason = reason
