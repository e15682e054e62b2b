"""Leave, probation and the last day for arbitration, as they are asked and answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from bot import clock
from bot.arithmetic.results import CalculationResult
from bot.calculators.inputs import extract_inputs
from bot.calculators.registry import CALCULATORS
from bot.understanding.entity_extractor import message_reader
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


def _say(figures: Of, topic: str, text: str) -> tuple[bool, CalculationResult, str]:
    """Return whether it is asked for, what is said, and that as one text."""
    rules, texts = figures(topic)
    working = CALCULATORS[topic]
    with clock.frozen(date(2026, 11, 28)):
        entities = message_reader().read(text)
        facts = {
            k: v for k, v in extract_inputs(text, entities).items() if k not in working.own_facts
        }
        facts |= working.extract(text, entities, {})
        said = working.calculate(facts, rules, texts)
        return working.is_requested(text, facts), said, "\n".join(said.lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我98年参加工作的，年假几天", "一年有15天"),
        ("零五年参加工作，年休假有多少天", "一年有15天"),
        ("2010年开始上班的，今年能休几天年假", "一年有10天"),
        ("在这厂才2年，以前别的厂干了9年，年假该几天", "一年有10天"),
        ("16年参加工作，年假几天", "今年先按5天"),  # ten years, depending on the month
        ("工龄12年，年假休了4天，还剩几天", "还剩6天"),
        ("剩5天年假没休，月薪4350，离职能补多少钱", "× 5 × 200% = 2000元"),
        ("去年的年假没休，3天，月薪4350，能补多少钱", "× 3 × 200% = 1200元"),
        ("工龄8年，还有3天没休，月薪4350，给多少钱", "× 3 × 300% = 1800元"),
        ("年假5天一天没休，月薪4350，给我多少钱", "300% = 3000元"),
        ("年假5天一天没休，月薪4350，给我多少钱", "200% = 2000元"),
    ],
)
def test_leave_goes_by_all_years_of_work(figures: Of, text: str, words: str) -> None:
    asked, _, said = _say(figures, "paid-leave", text)
    assert asked
    assert words in said


def test_a_question_for_the_rule_of_leave_is_none_of_ones_own(figures: Of) -> None:
    asked, _, _ = _say(figures, "paid-leave", "干满一年有几天年假")
    assert not asked


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        ("一年合同试用期三个月合法吗", "不合法", "最长2个月"),
        ("签了一年，试用期能定三个月吗", "不合法", "最长2个月"),
        ("两年合同半年试用期行吗", "不合法", "超了4个月"),
        ("半年的合同，试用期仨月，违法吗", "不合法", "最长1个月"),
        ("签了两个月的合同还让我试用半个月，合规吗", "不合法", "不满3个月"),
        ("合同五年试用期一年能行吗", "不合法", "最长6个月"),
        ("试用期八个月合法吗", "不合法", "不能超过6个月"),
        ("续签合同又试用一个月，合理吗", "不合法", "只能约定一次"),
        ("试用期能延长吗，合同一年，先说两个月又延长一个月", "不合法", "只能约定一次"),
        ("只签了试用期合同，合法吗", "不合法", "试用期不成立"),
        ("5个月试用期 合同一年，合法不", "不合法", "超了3个月"),
        ("6个月试用期配1年合同合规不", "不合法", "超了4个月"),
        ("签三年合同试用六个月 合法不", "合法", "最长6个月"),
        ("一年合同试用期两个月对吗", "合法", "最长2个月"),
        ("转正工资5000，试用期3500，合法吗", "不合法", "至少4000元"),
    ],
)
def test_a_probation_is_judged_verdict_first(
    figures: Of, text: str, verdict: str, words: str
) -> None:
    asked, _, said = _say(figures, "probation", text)
    assert asked
    assert said.startswith(f"{verdict}。")
    assert words in said
    assert "劳动合同法第" in said


def test_where_the_contract_decides_its_length_is_asked_for(figures: Of) -> None:
    _, said, _ = _say(figures, "probation", "试用期三个月合法吗")
    assert said.missing == "months"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我2025年12月31号离的职，啥时候之前得去仲裁", "到2026-12-31为止"),
        ("26年1月20日辞的职，劳动仲裁过期没", "到2027-01-20为止"),
        ("去年10月15号被开除的，现在申请仲裁还来得及吗", "已经过了"),
        ("今年三月走的，仲裁截止到几号", "2027-03-01到2027-03-31之间"),
        ("25年3月欠的工资，26年5月6号离的职，仲裁最晚哪天", "到2027-05-06为止"),
        ("上个月20号公司把我开了，仲裁截止哪天", "到2027-10-20为止"),
        ("半年前被辞退，仲裁还来得及吗", "2027-05-01到2027-05-31之间"),
        ("还在厂里上班，欠我去年三月的工资，仲裁时效到啥时候", "在职期间不受"),
    ],
)
def test_the_limit_of_arbitration_is_a_date(figures: Of, text: str, words: str) -> None:
    asked, _, said = _say(figures, "labor-arbitration", text)
    assert asked
    assert words in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("干了6年，前四年工资4000后两年6000，裁员赔多少", "6000元 × 6 = 36000元"),
        ("干了8年，刚来时工资3000，现在工资7000", "7000元 × 8"),
        ("干了六年，工资从4000涨到了5800", "5800元 × 6"),
        ("前三年每月3500，后五年每月5500，一共干了八年", "5500元 × 8"),
        ("干了5年，原来工资4000，最近半年涨到6000", "平均5000元"),
        ("在大连干了20年，月薪四万，大连平均工资9000", "27000元 × 12 = 324000元"),
        ("干了5个月29天，工资6000", "6000元 × 0.5 = 3000元"),
        ("干了11个月20天，月薪5000", "5000元 × 1 = 5000元"),
        ("干了4年，月薪八千左右", "8000元 × 4"),
        ("15年3月进的厂，今年10月让我走的，一个月4500", "4500元 × 12 = 54000元"),
        ("15年入职的，24年12月被辞退，工资5000", "干了大约9年"),
        ("2008年进厂，21年厂子黄了，月薪4000", "4000元 × 13 = 52000元"),
    ],
)
def test_severance_goes_by_the_pay_of_the_end(figures: Of, text: str, words: str) -> None:
    _, _, said = _say(figures, "severance", text)
    assert words in said


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("8个月没签合同", True),
        ("入职半年一直没给签合同，月薪4500，能赔多少", True),
        ("没签合同8个月能辞职吗", False),
        ("没签合同干了七个月 能要双倍工资吗", False),
        ("没签合同干了一年，现在被辞退了能赔多少", False),
    ],
)
def test_months_without_a_contract_are_counted(figures: Of, text: str, asked: bool) -> None:
    assert _say(figures, "labor-contract", text)[0] is asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [("2026年9月20日周日上班有加班费吗", True), ("2026年9月13日周日上班有加班费吗", False)],
)
def test_a_day_worked_in_exchange_is_known_by_its_date(figures: Of, text: str, asked: bool) -> None:
    assert _say(figures, "overtime", text)[0] is asked
