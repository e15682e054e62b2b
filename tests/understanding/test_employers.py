"""Messages of employers, told from those of workers and seekers."""

from __future__ import annotations

import pytest

from bot.understanding.employers import asks_as_employer, recruits


@pytest.mark.parametrize(
    "text",
    [
        "我在东港开个小加工厂 旺季剥虾的要不要交社保",
        "店里伙计切菜切了手 我该咋办",
        "给员工少报基数 查出来咋办",
        "我能不能辞他 他老旷工",
        "招来的人没带身份证 能用不",
        "个体户 雇员 社保 老板",
    ],
)
def test_an_employer_asks(text: str) -> None:
    assert asks_as_employer(text)


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我三个月工资 我上哪告",
        "我在超市干了十一年 店黄了",
        "把我辞了 能要补偿不",
        "新抚区有没有超市招人的",
        "我想找个保洁的活",
        "厂里让我签放弃社保",
    ],
)
def test_a_worker_or_a_seeker_asks(text: str) -> None:
    assert not asks_as_employer(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我想招一个会裱花的 上哪招", True),
        ("另外我缺个会计兼出纳,在你这儿发招聘收费不", True),
        ("招工信息能在这发不", True),
        ("招聘会在哪", False),
        ("有没有招保安的", False),
        ("我缺钱", False),
    ],
)
def test_who_looks_for_hands(text: str, expected: bool) -> None:
    assert recruits(text) is expected
