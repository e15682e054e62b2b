"""Value read from a text, with its span."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class TextSpan(Generic[T]):
    """A value read from a text, with its offsets and characters."""

    value: T
    """Its normalised meaning."""
    start: int
    """Offset of its first character in the text that was read."""
    end: int
    """Offset after its last character."""
    text: str
    """The characters themselves."""
