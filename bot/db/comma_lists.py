"""A column type for short lists: words joined by commas."""

from __future__ import annotations

from collections.abc import Iterable


def joined(words: Iterable[str]) -> str:
    """Return words as a column keeps them: each once."""
    return ",".join(dict.fromkeys(words))


def split(column: str) -> tuple[str, ...]:
    """Return the words of such a column; none of an empty one."""
    return tuple(word for word in column.split(",") if word) if column else ()
