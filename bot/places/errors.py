"""What can go wrong with lists of stations, fairs and courses.

ListingError
├── ListingFileError   a sheet cannot be read as a whole; nothing of it is imported
├── HoursError         opening hours that cannot be read
├── BatchError         an import that cannot be undone
└── FiguresError       data/listings.yml is not in order
"""

from __future__ import annotations

from pathlib import Path


class ListingError(ValueError):
    """Base of all errors of listings."""


class ListingFileError(ListingError):
    """A sheet cannot be read as a whole: nothing of it is imported."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.name}: {reason}; nothing of this file was imported")
        self.file = file
        self.reason = reason


class HoursError(ListingError):
    """A part of opening hours cannot be read."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part!r} is no opening time")
        self.part = part


class BatchError(ListingError):
    """An import cannot be undone; the message says why."""


class FiguresError(ListingError):
    """A figure of data/listings.yml is missing or none."""

    def __init__(self, file: Path, field: str) -> None:
        super().__init__(f"{file}: {field}: a positive number is needed")
        self.file = file
        self.field = field
