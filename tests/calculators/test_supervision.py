"""Contributions that an employer did not pay: when that is asked, and whether the time is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.calculators import supervision
from bot.understanding.entity_extractor import message_reader
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("干了一年二，没给我上失业保险，现在我还能找他补不？都走了一年多了", True),
        ("干了三年老板没给我交失业险 现在还能让他补吗", True),
        ("饭店两年多没给我交社保 我离职半年了 还能要求他补缴吗", True),
        ("单位没给我上社保 我能不能让他补缴", False),
        ("失业保险交了三年 还能补不", False),
        ("欠我三个月工资 走了半年 还能要回来不", False),
        ("试用期三个月 没给我上保险 合法吗", False),
        ("老板三年没交养老保险 我走了一年 还能补吗", True),
        ("社保单位一直没给上 我走半年了 能不能要回来", True),
        ("单位走了一年多 五险公司也没交 还能补不", True),
        ("我灵活就业 三年没交养老保险 还能补吗", False),
        ("三年没交养老保险 还能补吗", False),
        ("社保我自己交的 断了两年 没给我上 还能补吗", False),
        ("没钱交养老保险 断两年了 还能补吗", False),
        ("居民医保两年没交 还能补吗", False),
        ("下岗两年没上社保 还能补不", False),
    ],
)
def test_asked_with_a_time_told(text: str, asked: bool) -> None:
    facts = supervision.extract_facts(text, message_reader().read(text), {})
    assert supervision.is_requested(text, facts) is asked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("都走了一年多了", "你走了1年多，还没过"),
        ("我离职半年了", "你走了6个月，还没过"),
        ("走了一年了", "你走了1年，还没过"),
        ("走了两年了", "你走了2年，正好卡在线上，看具体是哪天走的"),
        ("都走了24个月了", "正好卡在线上"),
        ("走了两年多了", "你走了2年多，这个期限过了"),
        ("走了五年了", "你走了5年，这个期限过了"),
        ("我还在那干", "停止那天才开始算2年"),
    ],
)
def test_two_years_from_leaving(figures: Of, text: str, expected: str) -> None:
    rules, texts = figures("social-insurance-enrolment")
    facts = supervision.extract_facts(text, message_reader().read(text), {})
    said = supervision.supervision(facts, rules, texts)
    assert expected in "\n".join(said.lines)
    assert said.missing is None


@pytest.mark.parametrize("text", ["走了两年了", "走了两年多了", "走了五年了"])
def test_from_the_limit_on_nobody_is_reassured(figures: Of, text: str) -> None:
    rules, texts = figures("social-insurance-enrolment")
    facts = supervision.extract_facts(text, message_reader().read(text), {})
    assert "还没过" not in "".join(supervision.supervision(facts, rules, texts).lines)


def test_who_tells_not_when_he_left_is_asked(figures: Of) -> None:
    rules, texts = figures("social-insurance-enrolment")
    assert supervision.supervision({"months": 36}, rules, texts).missing == "left"
