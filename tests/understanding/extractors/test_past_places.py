from __future__ import annotations

from typing import Any

import pytest

from bot.understanding.extractors.past_places import with_past_places

CODES = {"河北": "130000", "上海": "310000", "苏州": "320500", "北京": "110000", "大连": "210200"}


def _named(text: str) -> list[dict[str, Any]]:
    return [
        {"entity": "region", "value": code, "start": at, "end": at + len(name), "text": name}
        for name, code in CODES.items()
        if (at := text.find(name)) >= 0
    ]


@pytest.mark.parametrize(
    "text",
    [
        "绥中人，24岁，在河北做过两年，广数系统会",
        "头几年在上海打工，干了5年",
        "从苏州回来的，想找个电子厂",
        "搁北京那边干了三年保安",
        "去年刚离开苏州",
        "我在苏州交过六年社保",
    ],
)
def test_a_place_away_where_one_only_was_is_past(text: str) -> None:
    assert [one.get("past") for one in with_past_places(text, _named(text))] == [True]


@pytest.mark.parametrize(
    "text",
    [
        "想去上海找个月嫂的活",
        "北京有没有保安",
        "想在上海打工 有活没",
        "在河北找个焊工的活",
        "在大连干过三年保安",  # at home: where he is still, for all that is known
        "河北的也行",
    ],
)
def test_a_place_that_may_be_wished_for_is_not(text: str) -> None:
    assert [one.get("past") for one in with_past_places(text, _named(text))] == [None]
