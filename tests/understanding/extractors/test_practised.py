"""Trades that are told with their years."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors import practised


@pytest.mark.parametrize(
    ("text", "trade", "years"),
    [
        ("焊了二十年", "焊工", 20),
        ("电工二十来年", "电工", 20),
        ("理发理了十年", "美发师", 10),
        ("开了八年大车", "货车司机", 8),
        ("保安干了五年", "保安员", 5),
    ],
)
def test_a_trade_comes_with_its_years(text: str, trade: str, years: int) -> None:
    entities = message_reader().read(normalise(text).text)
    assert trade in {name for e in entities if e["entity"] == "occupation" for name in _names(e)}
    assert years in [e["value"] for e in entities if e["entity"] == "experience"]


def _names(entity: dict[str, object]) -> list[str]:
    value = entity["value"]
    return [str(name) for name in value] if isinstance(value, list) else [str(value)]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("保安换了五年", []),
        ("保安五年", [5]),
        ("保安保了五年", [5]),
        ("保安工龄五年", [5]),
        ("保安五年前", []),
    ],
)
def test_only_years_of_the_trade_itself_count_after_it(text: str, years: list[int]) -> None:
    names = message_reader().occupations
    read = practised.extract(text, names.read(text), names)
    assert [one.years.value for one in read] == years
