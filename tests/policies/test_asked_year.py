"""Which questions ask for the rule of an earlier year."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot import clock
from bot.policies import replies
from bot.policies.answers import answer
from bot.policies.asked_year import asked_year
from bot.text.overlap import Span
from bot.understanding.entity_extractor import message_reader

DAY = date(2026, 11, 28)


def _asked(text: str) -> Span | None:
    with clock.frozen(DAY):
        return asked_year(text, message_reader().read(text), DAY)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2015年沈阳失业金按最低工资的百分之几发", 2015),
        ("15年那会儿失业金满十年按百分之几发", 2015),
        ("前年沈阳最低工资多少", 2024),
        ("2025年10月沈阳最低工资", 2025),
        ("那2018年呢", 2018),
        ("22年那会儿创业补贴给多少", 2022),
        ("2022年大专毕业生的创业补贴多少", 2022),
        ("前年一个月能领多少失业金", 2024),
        ("最低工资2021年是多少", 2021),
        ("按2023年的标准 失业金能领多少", 2023),
        ("2014年国庆放几天", 2014),
        ("我18年下岗那会儿失业金一个月多少", 2018),
        ("工亡 2025年 一次性补助多少万", 2025),
    ],
)
def test_the_year_of_a_question_is_told(text: str, year: int) -> None:
    asked = _asked(text)
    assert asked is not None
    assert asked.first.year == year


@pytest.mark.parametrize(
    "text",
    [
        "2015年下岗的，失业金咋领",
        "今年沈阳最低工资多少",
        "2018年入职，被辞了给多少",
        "从2019年起一直没交社保，咋办",
        "失业金怎么领",
        "我去年十一月做的手术，我不知道该怎么回答她",
        "信用卡去年晚过两次 能贷款不",
        "六月份之前没找着下家 应届身份是不是就没了",
        "我去年学的美容证 补贴多少",
        "厂子黄了 2024年 失业金能领多久",
        "保险从零九年一直交到二四年，失业金能领多长时间",
        "去年离婚低保标准多少",
        "2010年退休的 养老金咋算",
        "08年以前的工龄咋算补偿",
        "上个月失业金少了三百 咋算的",
        "去年",
    ],
)
def test_a_date_on_which_something_happened_is_no_question_for_its_rule(text: str) -> None:
    assert _asked(text) is None


def _of(policies: Session, topic: str, year: int, aspects: tuple[str, ...]) -> str:
    span = Span(date(year, 1, 1), date(year, 12, 31))
    found = [answer(policies, topic, aspects, None, day) for day in (span.first, span.last)]
    return replies.earlier_rule(found, topic, span).text


def test_the_version_of_the_year_is_said_and_both_where_it_changed(policies: Session) -> None:
    assert "73%" in _of(policies, "unemployment-benefit", 2015, ("amount",))
    changed = _of(policies, "unemployment-benefit", 2019, ("amount",))
    assert "73%" in changed
    assert "2019-11-01起" in changed
    assert "85%" in changed
    for year in (2013, 2016, 2024):
        assert "全年11天" in _of(policies, "overtime", year, ("period",))


def test_of_a_year_that_the_base_has_not_that_is_said_and_no_figure(policies: Session) -> None:
    said = _of(policies, "minimum-wage", 2001, ("amount",))
    assert "2001年" in said
    assert "没有核实过" in said


def test_when_somebody_was_born_is_no_year_of_a_rule() -> None:
    assert _asked("我不是77年3月，身份证上是76年12月，那我还差几年退休") is None
