"""Shortened lists of place names."""

from __future__ import annotations

from collections.abc import Sequence

#: Places of a preference that are named.
MAX_NAMES = 4


def join_names(places: Sequence[str]) -> str:
    """Name the first places, and how many there are when they are more."""
    rest = f"等{len(places)}地" if len(places) > MAX_NAMES else ""
    return "、".join(places[:MAX_NAMES]) + rest
