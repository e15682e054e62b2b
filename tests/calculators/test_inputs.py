"""What a message states for a calculation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot import clock
from bot.calculators.inputs import (
    extract_inputs,
    extract_loan_term,
    with_known_end,
    with_known_start,
)
from bot.understanding.entity_extractor import message_reader


def _heard(text: str) -> dict[str, Any]:
    with clock.frozen(date(2026, 11, 24)):
        return extract_inputs(text, message_reader().read(text))


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("干了六年半 一个月六千", {"months": 78, "pay": 6000}),
        ("补偿金呢 一个月平均4200 该给我多少", {"pay": 4200}),
        ("他一个月开4600，厂子说就给12个月的", {"pay": 4600}),
        ("干了六年零七天", {"months": 72.5}),
        ("干了六年多", {"months": 72.5}),
        ("2020年3月1日干到2026年3月10日", {"months": 72.5}),
        ("2020年3月1日干到2020年8月31日", {"months": 6}),
        ("2020年3月干到2026年3月", {"months": 72}),
        ("我月薪三万，当地平均工资八千", {"pay": 30000, "average": 8000}),
        ("社平工资8000，我月薪三万", {"pay": 30000, "average": 8000}),
        ("我平均工资六千", {"pay": 6000}),
        ("LPR是3.0%", {"lpr": 3.0}),
        ("lpr三点一", {"lpr": 3.1}),
        ("银行给的利率3.5%", {"rate": 3.5}),
        ("LPR 3%，银行给3.2%", {"lpr": 3.0, "rate": 3.2}),
        ("国庆加班一天", {"days": 1, "kind": "holiday"}),
        ("周六加了8个小时", {"hours": 8, "kind": "rest"}),
        ("每天下班多干两小时", {"hours": 2, "kind": "day"}),
        ("签的无固定期限", {"open_ended": True}),
        ("你好", {}),
    ],
)
def test_each_figure_of_a_message_is_a_fact(text: str, facts: dict[str, Any]) -> None:
    got = _heard(text)
    assert {name: got.get(name) for name in facts} == facts
    assert set(got) - set(facts) <= {"date", "since", "until"}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("贷20万 两年", 24),
        ("贷20万两年", 24),
        ("那要是贷三年呢", 36),
        ("想贷15万 期限两年", 24),
        ("10万分两年还", 24),
        ("贷10万 三年还清", 36),
        ("我在厂里干了十五年 下岗了想贷款开店", None),
        ("工龄十年 想贷20万开店", None),
        ("社保交了八年 打算贷20万", None),
        ("失业两年 想贷20万", None),
        ("上班三年了 贷20万", None),
        ("两年", None),
    ],
)
def test_the_term_of_a_loan_is_no_length_of_work(text: str, months: int | None) -> None:
    assert extract_loan_term(text, message_reader().read(text), {}).get("months") == months


def test_within_its_sum_a_length_alone_is_the_term_of_a_loan() -> None:
    assert extract_loan_term("两年吧", message_reader().read("两年吧"), {"begun": True}) == {
        "months": 24
    }


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("怀孕被开了 赔多少 一月4千干3年", "孕期"),
        ("孩子还没满一岁单位让我走", "哺乳期"),
        ("产假还没休完就把我辞了", "产期"),
        ("休病假的时候给我开除了", "规定的医疗期"),
        ("我妈住院我请假就被开了", None),
        ("媳妇怀孕了 我让单位开了", None),
        ("店里员工休产假我想辞她得赔多少", None),
        ("怀孕了我想辞职 有没有补偿", None),
        ("干了三年让我走", None),
    ],
)
def test_a_time_in_which_nobody_may_be_dismissed_is_heard(text: str, time: str | None) -> None:
    assert extract_inputs(text, message_reader().read(text)).get("protected") == time


def test_what_is_still_to_come_is_no_length_of_service() -> None:
    assert "months" not in _heard("那我在大连 合同还有一年到期")
    assert _heard("干了三年 合同还有一年到期")["months"] == 36


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("按底薪3000算还是按平均工资6800算", {"basic": 3000, "pay": 6800}),
        (
            "按基本工资2200算还是按到手平均5600算？公司说按2200",
            {"basic": 2200, "net": 5600, "pay": 5600},
        ),
        ("我到手5200应发6100", {"net": 5200, "gross": 6100, "pay": 6100}),
        ("底薪3000", {"pay": 3000}),
    ],
)
def test_of_several_pays_the_earned_one_counts(text: str, facts: dict[str, Any]) -> None:
    found = extract_inputs(text, message_reader().read(text))
    assert {name: found[name] for name in found.keys() & {"basic", "net", "gross", "pay"}} == facts


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("前12个月平均应发4600元，底薪2200", {"pay": 4600, "basic": 2200}),
        ("走之前一年平均一个月开五千四", {"pay": 5400}),
        ("底薪2800 提成平均1400", {"pay": 4200, "basic": 2800}),
        ("近十二个月税前应发合计258,600元", {"pay": 21550.0}),
        ("老板还压我俩月工资没开", {}),
        ("那他给十一万差我多少", {"offer": 110000.0}),
        ("公司说给12万打包", {"offer": 120000.0}),
        ("老板一个月给4000", {"pay": 4000}),
        ("俺一个月三千八，队长自个儿一个月八千呢", {"pay": 3800}),
        ("待岗这八个月一个月就九百", {"pay": 900}),
        ("满五年七个月", {"months": 67}),
        ("一个月三千多干了五年整", {"months": 60, "pay": 3000}),
    ],
)
def test_what_is_averaged_offered_or_another_s_is_no_pay_and_no_service(
    text: str, facts: dict[str, Any]
) -> None:
    got = _heard(text)
    assert {name: got.get(name) for name in ("pay", "months", "offer", "basic")} == {
        **dict.fromkeys(("pay", "months", "offer", "basic")),
        **facts,
    }


def test_the_end_told_before_bounds_the_service_and_a_day_is_of_the_month_told() -> None:
    told = with_known_end(_heard("我2016年8月1日入职"), clock.today().isoformat())
    assert told["months"] == _heard("我2016年8月1日入职")["months"]
    with clock.frozen(date(2026, 11, 24)):
        told = with_known_end(_heard("我2016年8月1日入职"), "2026-01-20")
        assert told["months"] == 113.5
        entities = message_reader().read("6月20号来的")
        facts = with_known_start(_heard("6月20号来的"), "2011-06", entities)
    assert facts["since"] == "2011-06-20"
