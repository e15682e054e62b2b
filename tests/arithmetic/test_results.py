"""Formats of amounts and lengths."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.arithmetic.results import format_number, length, money, numbers


@pytest.mark.parametrize(
    ("amount", "text"),
    [("42000.00", "42000元"), ("413.79", "413.79元"), ("0", "0元"), ("100", "100元")],
)
def test_amounts(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("months", "text"),
    [(99, "8年3个月"), (96, "8年"), (3, "3个月"), (0, "0个月"), (96.5, "8年多"), (0.5, "0个月多")],
)
def test_lengths(months: float, text: str) -> None:
    assert length(months) == text


def test_only_numbers_are_figures() -> None:
    assert numbers({"a": "3.5", "b": "三", "c": ""}) == {"a": Decimal("3.5")}
    assert format_number(Decimal("3.50")) == "3.5"
    assert format_number(Decimal("100")) == "100"
