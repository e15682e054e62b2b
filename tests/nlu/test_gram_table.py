"""The table of n-grams is a mapping of each to its place."""

from __future__ import annotations

import pytest

from bot.nlu.gram_table import GramTable

GRAMS = sorted(["失业", "失业金", "ab", "\ue00fshi1", "𠮷", "失", "\u0002失"])


def test_each_gram_has_its_place_as_in_a_dict() -> None:
    table = GramTable(GRAMS)
    assert dict(table) == {gram: column for column, gram in enumerate(GRAMS)}
    assert list(table) == GRAMS
    assert len(table) == len(GRAMS)


def test_others_have_none() -> None:
    table = GramTable(GRAMS)
    others = ["业", "失业金领", "", "a", "ab\0", "zzzzzzzzzzzzzzzzzzzzz", "\ud800"]
    assert table.columns([*others, "失业"]).tolist() == [-1] * len(others) + [table["失业"]]
    assert "业" not in table
    with pytest.raises(KeyError):
        table["业"]


def test_an_empty_table_knows_nothing() -> None:
    assert GramTable([]).columns(["失", ""]).tolist() == [-1, -1]
    assert list(GramTable([])) == []


def test_another_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order"):
        GramTable(["b", "a"])
