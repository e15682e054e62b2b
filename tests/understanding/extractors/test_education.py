"""Schooling that a message states, and that a posting asks for."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.extractors.education import LEVELS, extract, from_posting_text, is_sufficient


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("我初中毕业", ["junior"]),
        ("大专学历", ["college"]),
        ("高中没念完 后来念的中专", ["senior", "vocational"]),
        ("小学老师招人吗", []),
        ("高中食堂招人吗", []),
        ("孩子上初中", []),
        ("我没有大专文凭", []),
        ("没本科能行吗", []),
        ("不是大专", []),
        ("我没上过大专 就高中", ["senior"]),
        ("不要求本科的活", []),
        ("有没有大专能干的", ["college"]),
        ("是不是大专就行", ["college"]),
    ],
)
def test_what_a_person_has(text: str, levels: list[str]) -> None:
    assert [span.value for span in extract(normalise(text).text)] == levels


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", None),
        ("学历不限", "none"),
        ("初中及以上", "junior"),
        ("大专或本科", "college"),
        ("高中以下", "none"),
        ("吃苦耐劳", None),
    ],
)
def test_the_lowest_that_a_posting_asks_for(text: str, level: str | None) -> None:
    assert from_posting_text(text) == level


def test_what_is_asked_for_is_reached_from_the_same_level_on() -> None:
    assert is_sufficient("none", None)
    for at, level in enumerate(LEVELS):
        reached = [is_sufficient(has, level) for has in LEVELS]
        assert reached == [False] * at + [True] * (len(LEVELS) - at)
