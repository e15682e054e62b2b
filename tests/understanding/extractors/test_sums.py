"""Sums of money as written."""

from __future__ import annotations

import pytest

from bot.understanding.extractors.sums import range_ends, single_ends, sums


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("四千五", [(4500, None)]),
        ("5千5", [(5500, None)]),
        ("8000-1.2万", [(8000, 12000)]),
        ("四五千", [(4000, 5000)]),
        ("8-10千", [(8000, 10000)]),
        ("4-6000元", [(4000, 6000)]),
        ("面议", []),
    ],
)
def test_sums_of_a_text(text: str, ends: list[tuple[float, float | None]]) -> None:
    read = list(sums(text))
    assert [(one.low, one.high) for one in read] == ends
    assert all(text[one.start : one.end] for one in read)


def test_an_end_without_a_unit_has_the_others() -> None:
    assert range_ends("8", "10千") == (8000, 10000)
    assert range_ends("8", "1.2万") == (8000, 12000)
    assert single_ends("四五千") == (4000, 5000)
    assert single_ends("字") is None
