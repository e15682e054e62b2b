from __future__ import annotations

import pytest

from bot.text.clauses import requests


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("失业金咋领 顺便问下大连有招保安的没", ["失业金咋领", "大连有招保安的没"]),
        ("试用期不交社保合法吗？辞职要提前几天？", ["试用期不交社保合法吗？", "辞职要提前几天？"]),
        ("想在沈阳找个保安的活，另外社保补贴咋办", ["想在沈阳找个保安的活", "社保补贴咋办"]),
        ("创业贷款能贷多少 用不用抵押", ["创业贷款能贷多少", "用不用抵押"]),
        ("学这个要钱不 五十一了人家收不收", ["学这个要钱不", "五十一了人家收不收"]),
        ("这算不算公司违约；我有没有补偿？", ["这算不算公司违约", "我有没有补偿？"]),
        ("给我找个保洁的活 再问一下失业登记上哪办", ["给我找个保洁的活", "失业登记上哪办"]),
    ],
)
def test_two_questions_are_two(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in requests(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我仨月工资 电话也不接 咋整",
        "我被厂子开了 能领失业金不",
        "失业金怎么领",
        "他说也不也罢 我就问能领失业金不",
        "沈阳 保安 4000",
        "",
        "好",
    ],
)
def test_a_story_and_its_question_are_one(text: str) -> None:
    assert requests(text) == [(0, len(text))]
