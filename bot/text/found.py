"""What a reader of text gives back: a value and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """One thing read from a text."""

    value: T
    """What it means, normalised."""
    start: int
    """Offset of its first character in the text that was read."""
    end: int
    """Offset after its last character."""
    text: str
    """The characters themselves."""
