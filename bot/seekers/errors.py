"""Errors about seekers.

SeekerError
├── CodeNotValid      a link code that is unknown, used, too old, or one's own
└── TooManyAttempts   too many codes asked for or typed wrong
"""

from __future__ import annotations

from datetime import timedelta


class SeekerError(Exception):
    """Base of all errors about seekers."""


class CodeNotValid(SeekerError):
    """The code links no seekers."""


class TooManyAttempts(SeekerError):
    """A person asked for, or typed, too many codes."""

    def __init__(self, window: timedelta) -> None:
        super().__init__(f"too many attempts within {window}")
        self.window = window
