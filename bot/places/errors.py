"""Errors of lists of stations, fairs and courses.

ListingError
├── ListingFileError   a sheet cannot be read as a whole; nothing of it is imported
├── ListingRowError    a field without which a row is of no use cannot be read
├── HoursError         opening hours that cannot be read
├── ListingBatchError  a change that cannot be made or undone
└── FiguresError       data/listings.yml is not in order
"""

from __future__ import annotations

from pathlib import Path

from bot.wording import wording

#: Names of sentences about a file, by the reason that the reader of sheets gives.
_SENTENCES = {
    "no header is known in its first rows": "file_without_header",
    "has no rows": "file_without_rows",
    "is larger than anybody's postings": "file_too_large",
    "is neither UTF-8 nor GB 18030": "file_encoding_unknown",
    "is none of .json, .jsonl, .jsonl.gz, .csv, .xlsx": "file_kind_unknown",
}
_SAY = wording("listings")


class ListingError(ValueError):
    """Base of all errors of listings."""


class ListingFileError(ListingError):
    """A sheet cannot be read as a whole: nothing of it is imported."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"{file.name}: {reason}; nothing of this file was imported")
        self.file = file
        self.reason = reason

    @property
    def sentence(self) -> str:
        """The reason in Chinese, for a page."""
        return _SAY(_SENTENCES.get(self.reason, "file_unreadable"))


class ListingRowError(ListingError):
    """A field of a row is missing or cannot be read; the reason is Chinese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class HoursError(ListingError):
    """A part of opening hours cannot be read."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part!r} is no opening time")
        self.part = part


class ListingBatchError(ListingError):
    """A change cannot be made or undone; the message is a Chinese sentence."""


class FiguresError(ListingError):
    """A figure of data/listings.yml is missing or none."""

    def __init__(self, file: Path, field: str) -> None:
        super().__init__(f"{file}: {field}: a positive number is needed")
        self.file = file
        self.field = field
