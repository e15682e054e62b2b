"""Overtime on holidays by law, on rest days beside them, and on days worked in exchange.

All by hand, on pay of 4350 a month: 200 yuan a day (4350 ÷ 21.75).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot import clock
from bot.arithmetic.results import CalculationResult
from bot.calculators.overtime import (
    OvertimeItem,
    extract_items,
    kind_of_day,
    merge_items,
    overtime,
)
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.holidays import holidays
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


def _said(figures: Of, text: str, pay: int = 4350) -> CalculationResult:
    rules, texts = figures("overtime")
    with clock.frozen(date(2026, 11, 28)):
        found = extract_items(text, message_reader().read(text))
    return overtime({"items": [one.to_dict() for one in found], "pay": pay}, rules, texts)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("国庆7天全加班", "3400元"),  # 3 × 600 + 4 × 400
        ("五一放五天我都上班了", "2400元"),  # 2 × 600 + 3 × 400
        ("春节七天都加班", "3600元"),  # 4 × 600 + 3 × 400
        ("清明三天都上班", "1400元"),  # 600 + 2 × 400
        ("元旦放三天我都上班", "1400元"),
        ("中秋加了三天班", "1400元"),
        ("国庆加班一天", "600元"),
        ("国庆当天加班，周末加了2天", "1400元"),
        ("10月5号加了一天班", "400元"),
        ("10月2号加班", "600元"),
        ("10月1号到7号都上班了", "3400元"),
        ("十月一号到三号都加班了", "1800元"),
        ("大年初五加了一天班", "400元"),
        ("除夕加班一天", "600元"),
        ("初一到初五都上班，春节没歇", "2600元"),  # 初一至初三 3 × 600, 2 × 400
        ("周六加了8个小时", "400元"),
        ("平时下班加班4小时", "150元"),  # 25 an hour × 4 × 1.5
        ("国庆加班4天，10月1号到4号", "2200元"),  # the days named are those days: 1800 + 400
        ("五一劳动节加班两天，5月1号2号", "1200元"),
        ("国庆从2号上到5号", "2000元"),
        ("5月1号、3号加班", "1000元"),
        ("过年七天没休", "3600元"),
        ("初五初六上班", "800元"),
        ("元旦一天，还有两个周日加班", "1400元"),
        ("周六两天，晚上延时8小时", "1100元"),
        ("10月2号晚上加班4小时", "300元"),
        ("平时每天多干2小时，干了22天", "1650元"),
        ("国庆加班3天，周六加班1天，下班加班4小时", "2350元"),  # 1800 + 400 + 150
    ],
)
def test_days_by_law_pay_three_times_and_the_other_days_off_twice(
    figures: Of, text: str, due: str
) -> None:
    assert f"{due}。" in "".join(_said(figures, text).lines)


def test_the_sum_is_rounded_once(figures: Of) -> None:
    # 6000 ÷ 21.75 × (4 × 3 + 3 × 2) = 4965.517
    assert "4965.52元" in "".join(_said(figures, "春节七天都加班", 6000).lines)


@pytest.mark.parametrize(
    ("text", "note"),
    [("国庆前补班那天上班了", "工作日"), ("9月20号上班了一天", "9月20日是工作日")],
)
def test_a_day_worked_in_exchange_is_a_working_day(figures: Of, text: str, note: str) -> None:
    said = "".join(_said(figures, text).lines)
    assert note in said
    assert "=" not in said


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 10, 3), "holiday"),
        (date(2026, 10, 4), "rest"),
        (date(2026, 10, 10), "day"),  # worked in exchange
        (date(2026, 2, 16), "holiday"),  # 除夕
        (date(2026, 2, 20), "rest"),
        (date(2026, 5, 3), "rest"),
        (date(2026, 6, 19), "holiday"),
        (date(2026, 6, 20), "rest"),
        (date(2026, 11, 27), "day"),
    ],
)
def test_each_day_has_its_kind(day: date, kind: str) -> None:
    assert kind_of_day(day) == kind


def test_the_days_by_law_are_those_of_the_policy(figures: Of) -> None:
    rules, _ = figures("overtime")
    assert all(one.lasts == rules[one.figure] for one in holidays().values())


def test_a_further_message_changes_the_quantity_or_says_the_kind() -> None:
    holiday = OvertimeItem(name="national", days=1)
    assert merge_items([holiday], [OvertimeItem(days=3)]) == [OvertimeItem(name="national", days=3)]
    assert merge_items([OvertimeItem(days=2)], [OvertimeItem("rest")]) == [
        OvertimeItem("rest", days=2)
    ]
    assert OvertimeItem.from_dict(holiday.to_dict()) == holiday
