"""Count of the parts of an SMS (GSM 03.38, 03.40)."""

from __future__ import annotations

#: UCS-2 units of an SMS that stands alone, and of one part of several.
ALONE, PART = 70, 67


def units(text: str) -> int:
    """Count UCS-2 units: an emoji takes two."""
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


def count(text: str) -> int:
    """Return the number of parts that a text is sent in, always as UCS-2."""
    size = units(text)
    return 1 if size <= ALONE else -(-size // PART)
