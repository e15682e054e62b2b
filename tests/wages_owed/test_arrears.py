"""Wages owed: months, days and hours at a pay, less what was given (劳动合同法 30, 85)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot import clock
from bot.arithmetic.results import CalculationResult
from bot.wages_owed import arrears
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


def _hear(text: str, kept: dict[str, Any] | None = None) -> dict[str, Any]:
    with clock.frozen(date(2026, 11, 28)):
        return {**(kept or {}), **arrears.extract_facts(text, (), kept or {})}


def _work(figures: Of, facts: dict[str, Any]) -> CalculationResult:
    return arrears.arrears(facts, *figures("wage-arrears"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("欠我4个月工资一个月5000一共欠多少", "4个月 × 5000元 = 20000元"),
        ("工资拖了半年没发，月薪6000，总共欠我多少", "= 36000元"),
        ("工地欠了我45天工钱，一天300，一共多少", "45天 × 300元 = 13500元"),
        ("欠我20个工，一个工350，总共多少钱", "20个工 × 350元 = 7000元"),
        ("小时工欠我60小时，一小时18，该给我多少", "60小时 × 18元 = 1080元"),
        ("从今年7月到10月没发工资，一个月3800，欠我多少", "4个月 × 3800元 = 15200元"),
        ("去年11月到今年2月没发工资，一月4000，一共欠我多少", "4个月 × 4000元 = 16000元"),
        ("7月8月9月工资都没开，每月五千，该给我多少", "3个月 × 5000元 = 15000元"),
        ("从6月份开始没给开工资，每月5000，现在欠多少", "5个月 × 5000元 = 25000元"),  # 6月到10月
        ("两个月工资没给，月薪4350，给了1000，还欠多少", "2个月 × 4350元 − 给过的1000元 = 7700元"),
        ("欠三万二，还了八千，还欠多少", "32000元 − 给过的8000元 = 24000元"),
        ("7月欠2000，8月欠3500，一共欠我多少", "= 5500元"),
        (
            "前两个月4000，后三个月4500，都没给，一共欠多少",
            "2个月 × 4000元 + 3个月 × 4500元 = 21500元",
        ),
        ("欠我俩月零10天，月薪4350，一共多少", "2个月 × 4350元 + 10天 × 4350元 ÷ 21.75 = 10700元"),
        ("公司欠我2个半月工资，月工资4000，一共多少", "2.5个月 × 4000元 = 10000元"),
        ("一个月工资没发，月薪4000，一共欠多少", "1个月 × 4000元 = 4000元"),
        ("干了两年，欠我5个月工资，一个月4000，一共多少", "5个月 × 4000元 = 20000元"),
        ("欠我们5个人三个月工资，每人每月4000，一共多少", "= 60000元"),
        ("欠了一年半工资，每月3500，总共多少", "18个月 × 3500元 = 63000元"),
    ],
)
def test_what_is_owed_is_added_up(figures: Of, text: str, words: str) -> None:
    facts = _hear(text)
    assert arrears.is_requested(text, facts)
    assert words in "\n".join(_work(figures, facts).lines)


@pytest.mark.parametrize(
    "text",
    [
        "欠我三个月工资，赔多少",
        "欠薪三个月了怎么办",
        "欠我三个月工资怎么要",
        "老板欠工资一共要罚多少",
    ],
)
def test_what_asks_for_more_or_for_a_way_is_left_to_the_rule(text: str) -> None:
    assert not arrears.is_requested(text, _hear(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("不对是5个月", "5个月 × 5000元 = 25000元"),
        ("不是4个月，是6个月", "6个月 × 5000元 = 30000元"),
        ("工资是3800", "4个月 × 3800元 = 15200元"),
        ("不对，是20天", "20天 × 5000元 ÷ 21.75"),
        ("给过2000", "4个月 × 5000元 − 给过的2000元 = 18000元"),
        ("一个月按4500算", "4个月 × 4500元 = 18000元"),
    ],
)
def test_a_correction_takes_the_place_of_what_was_said(figures: Of, text: str, words: str) -> None:
    kept = {**_hear("欠我4个月工资一个月5000一共欠多少"), "begun": True}
    said = "\n".join(_work(figures, _hear(text, kept)).lines)
    assert words in said
    assert said.count("个月") + said.count("20天") == 1


def test_the_pay_is_asked_for_and_half_to_all_may_come_on_top(figures: Of) -> None:
    said = _work(figures, _hear("欠我四个月的工资，一共多少钱"))
    assert (said.missing, said.lines) == ("rate", ["4个月的工钱。"])
    assert (
        "50%到100%加付：10000元到20000元"
        in _work(figures, _hear("欠我4个月工资一个月5000一共欠多少")).lines[-1]
    )
