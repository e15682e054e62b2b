"""Columns of words joined by commas."""

from __future__ import annotations

import pytest

from bot.db.comma_lists import joined, split


@pytest.mark.parametrize(("words", "column"), [((), ""), (("a",), "a"), (("a", "b", "a"), "a,b")])
def test_words_are_kept_once_in_their_order(words: tuple[str, ...], column: str) -> None:
    assert joined(words) == column
    assert split(column) == tuple(dict.fromkeys(words))


def test_empty_words_are_none() -> None:
    assert split(",a,,b,") == ("a", "b")
