"""Sums of a message that are no pay of one's own."""

from __future__ import annotations

import pytest

from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.payments import with_own_pay


def _read(text: str, kind: str) -> list[str]:
    entities = with_own_pay(text, message_reader().read(text))
    return [str(one["text"]) for one in entities if one["entity"] == kind]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("有个人说他是律师 先给他两千 保证能要回来", "两千"),
        ("我给了律师三千 没动静", "三千"),
        ("住院押了三千 厂里说让我先垫着", "三千"),
        ("去年刷单也让人整了八百", "八百"),
        ("保洁公司收我六百服装费", "六百"),
        ("上个月少给我八百", "八百"),
        ("我吃的药一个月自费要四千多", "四千多"),
        ("失业金领了一千八一个月领了仨月", "一千八一个月"),
        ("我爸退休金三千二", "三千二"),
        ("厂里给我一万二让我走 我干了九年", "一万二"),
        ("给两千块了事 合理不", "两千块"),
        ("孩子补课费一千八", "一千八"),
        ("我兜里就剩八百 这月咋过", "八百"),
        ("同学一个月挣八千 我找个四千的就行", "八千"),
        ("让我先垫三千", "三千"),
        ("被骗三千", "三千"),
        ("欠技术员5000", "5000"),
        ("先给律师两千", "两千"),
        ("我妈住院请护工4000", "4000"),
        ("工资欠了4000", "4000"),
        ("买药一个月4000多", "4000多"),
    ],
)
def test_what_is_paid_lost_drawn_offered_or_anothers_is_an_amount(text: str, amount: str) -> None:
    assert amount in _read(text, "amount")
    assert amount not in _read(text, "salary")


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("我一个月四千二 干了六年", "四千二"),
        ("想在沈阳找个保洁 三千往上", "三千往上"),
        ("扣完保险到手两千八", "两千八"),
        ("给他干活一个月四千五", "四千五"),
        ("有没有不扣钱的 四千左右", "四千左右"),
        ("以前在药厂一个月三千八", "三千八"),
        ("到手4800 扣之前是5600", "5600"),
        ("失业金停了 现在打零工一天一百五", "一百五"),
        ("说好一天四百二完事给了一万多", "四百二"),
        ("我媳妇在超市一个月两千六", "两千六"),
        ("我媳妇一个月三千 我想给她找个四千的", "三千"),
        ("补偿按两千六算", "两千六"),
        ("想找个月薪能付4000的", "4000"),
        ("工资付4000的有没有", "4000"),
    ],
)
def test_pay_stays_pay(text: str, pay: str) -> None:
    assert any(pay in found for found in _read(text, "salary"))


@pytest.mark.parametrize(
    "text",
    [
        "医药代表5000以上 沈阳",
        "投递员5000以上的有吗",
        "押运员5000",
        "药师5000",
        "贷款专员5000以上",
        "赔付专员5000",
        "手术室护士5000",
        "检查员5000",
        "借调员5000",
        "住院护工5000",
        "住院部保洁5000",
        "投资顾问5000",
        "检查岗5000",
        "医药公司 5000",
        "人家都给厨师5000",
    ],
)
def test_no_character_of_a_trade_makes_the_wished_pay_a_payment(text: str) -> None:
    read = with_own_pay(text, message_reader().read(text))
    assert [one["value"]["min"] for one in read if one["entity"] == "salary"] == [5000]
    assert not [one for one in read if one["entity"] == "amount"]


def test_an_amount_is_what_was_said_and_not_its_month() -> None:
    text = "住院护理费一天二百 自己掏的"
    values = [
        one["value"]
        for one in with_own_pay(text, message_reader().read(text))
        if one["entity"] == "amount"
    ]
    assert values == [200]
