"""Errors of postings and their sources.

PostingFileError      a file cannot be read
ShortlistError        a list for counsellors cannot be made
NotHeldError          a decision on a posting that does not wait
OwnEntryError         a decision on a posting by who entered it
PostingEntryError     a posting cannot be entered as the form has it
GatherError           a source
├── SourceError       its entry in the list of sources
├── FetchError        it does not answer, or with what is no feed
└── FeedError         what it sent cannot be read, or is suspicious
"""

from __future__ import annotations

from pathlib import Path


class PostingFileError(ValueError):
    """A file cannot be read as a whole: nothing of it is imported."""

    def __init__(self, file: Path, row: int | None, reason: str) -> None:
        position = f"{file.name}, row {row}" if row else file.name
        super().__init__(f"{position}: {reason}; nothing of this file was imported")
        self.file = file
        self.row = row
        self.reason = reason


class NotHeldError(ValueError):
    """A posting does not wait for a decision."""

    def __init__(self, posting_id: int, status: str | None) -> None:
        state = f"is {status}" if status else "does not exist"
        super().__init__(f"posting {posting_id} {state}; only held postings can be decided on")
        self.posting_id = posting_id
        self.status = status


class OwnEntryError(ValueError):
    """Nobody reviews what they entered themselves."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(f"posting {posting_id} was entered by who decides; another one must")
        self.posting_id = posting_id


class PostingEntryError(ValueError):
    """A posting cannot be entered: the field at fault and, in Chinese, why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class GatherError(ValueError):
    """Base of what can go wrong with a source; its postings stay as they were."""


class SourceError(GatherError):
    """An entry of the list of sources is wrong."""

    def __init__(self, file: Path, source: str, field: str, reason: str) -> None:
        super().__init__(f"{file.name}: {source}: {field}: {reason}")
        self.file = file
        self.source = source
        self.field = field
        self.reason = reason


class FetchError(GatherError):
    """A feed could not be fetched."""

    def __init__(self, reason: str, may_retry: bool = False) -> None:
        super().__init__(reason)
        self.may_retry = may_retry
        """True when another try may succeed: a time-out, a broken connection, 503."""


class FeedError(GatherError):
    """A source sent content that cannot be read to its end, or that would close too many."""


class ShortlistError(ValueError):
    """A list for counsellors cannot be made as asked; the message says why."""
