"""Choice of the ask of each claim that the sentence encoder has not learned from.

A model fitted or evaluated on asks that the encoder knows would look too good.
"""

from __future__ import annotations

from zlib import crc32


def fresh_ask(claim: str, ask_count: int) -> int:
    """Return the place of the ask of a claim (`topic/id`) that is kept from the encoder."""
    return crc32(claim.encode()) % ask_count
