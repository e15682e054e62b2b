"""Wages owed over several messages: roles of the sums, corrections, further items, offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot import clock
from bot.arithmetic.results import CalculationResult
from bot.wages_owed import claims as wage_claims
from bot.wages_owed.damage import MinimumWage, damage, extract_damage, is_of_damage
from tests.calculators.conftest import Figures

Of = Callable[[str], Figures]


def _talk(figures: Of, texts: Sequence[str]) -> list[CalculationResult | None]:
    """Say texts one after another; None where a message asks for no sum."""
    facts: dict[str, Any] = {"topic": wage_claims.TOPIC}
    results: list[CalculationResult | None] = []
    with clock.frozen(date(2026, 11, 28)):
        for text in texts:
            new = wage_claims.extract_facts(text, (), facts)
            facts = json.loads(json.dumps({**facts, **new}))
            facts |= wage_claims.lasting_facts(text, facts, facts)
            if not wage_claims.is_requested(text, new):
                results.append(None)
                continue
            results.append(wage_claims.calculate(facts, *figures("wage-arrears")))
            facts["missing"] = results[-1].missing if results[-1] else None
    return results


def _first(result: CalculationResult | None) -> str:
    assert result is not None
    return "\n".join(result.lines)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        # The rate comes first, the work later.
        (["绑钢筋一个工三百六", "干了53个工，头里支过五千，还欠我多少"], "53个工 × 360元 − 给过的5000元 = 14080元"),
        (["在饭店后厨一个月四千二", "欠我仨月没开，总共欠多少"], "3个月 × 4200元 = 12600元"),
        (["抹灰一平十二块", "干了860平，给了五千，还差多少"], "860平 × 12元 − 给过的5000元 = 5320元"),
        (["砌墙的一方一百八，干了四十六方，没结，该给多少"], "46方 × 180元 = 8280元"),
        (["缝裤子一件一块二，上个月做了2300件没给钱，多少"], "2300件 × 1.2元 = 2760元"),
        (["串珠子一盒六毛五，串了1200盒没结，该给多少"], "1200盒 × 0.65元 = 780元"),
        (["给人卸车一趟六十，上个月跑了31趟，这月27趟，都没给，一共多少"], "= 58趟） × 60元 = 3480元"),
        (["一小时25，干了60个小时没给，多少钱"], "60个小时 × 25元 = 1500元"),
        (["一百九一天，干了四十一天一分没见着，该给多少"], "41天 × 190元 = 7790元"),
        # Days by the months' names; a name is no length.
        (["一天240块，四月上了25天，五月上了21天，都没开，总共多少"], "（25天 + 21天 = 46天） × 240元 = 11040元"),
        (["我二月进的厂，一天二百，干了三十三天没给，一共多少"], "33天 × 200元 = 6600元"),
        (["今年五月到七月干了61个工，一个工三百二，没给，该给多少"], "61个工 × 320元 = 19520元"),
        # Months in a list.
        (["欠我四五六三个月的工资，月薪3600，一共多少"], "3个月 × 3600元 = 10800元"),
        (["一月开三千三，欠我八九两个月，一共多少"], "2个月 × 3300元 = 6600元"),
        (["六月七月八月没发工资，一个月4100，总共欠多少"], "3个月 × 4100元 = 12300元"),
        (["干了三个月，一个月四千，一分没给，一共多少"], "3个月 × 4000元 = 12000元"),
        (["欠我一个月工资4500，一共多少"], "1个月 × 4500元 = 4500元"),
        (["一个月五千，欠了我两年，中间给过四万，还差多少"], "24个月 × 5000元 − 给过的40000元 = 80000元"),
        # Two units, and a rate that takes the place of another.
        (["欠我仨月零八天，月薪4350，八天按一天150算，一共多少"], "3个月 × 4350元 + 8天 × 150元 = 14250元"),
        (["干了38天，一个月4350，没给钱，该给多少"], "38天 × 4350元 ÷ 21.75 = 7600元"),
        # A sum that is another's is none of the pay.
        (["家里老房子贷款一个月两千三，老板欠我三个月，一个月四千，一共多少"], "3个月 × 4000元 = 12000元"),
        (["他欠我一万二工钱没给，我还欠房东三千，一共多少"], "你说的欠12000元"),
        # Further items.
        (["欠我俩月工资，一个月五千五，还有提成没结1200，一共多少"], "11000元 + 提成1200元 = 12200元"),
        (["欠我俩月工资一个月三千六，还替他垫了料钱420，加上一共多少"], "7200元 + 料钱420元 = 7620元"),
        (["欠我两个月，一月四千，加上押的一个月四千，一共"], "8000元 + 押的工资4000元 = 12000元"),
        # Parts of a payment are not added to their total.
        (["欠我六个月，一月三千，中间给我两千一千的两回，一共给了三千，还差多少"], "6个月 × 3000元 − 给过的3000元 = 15000元"),
        # An IOU.
        (["一天按两百算，干了九十五天，他给我打条写欠一万五，少写了多少"], "条上写15000元，少写了4000元"),
    ],
)  # fmt: skip
def test_the_terms_of_a_sum_are_its_words(figures: Of, texts: list[str], words: str) -> None:
    assert words in _first(_talk(figures, texts)[-1])


@pytest.mark.parametrize(
    ("begin", "then", "words"),
    [
        ("一个工360，干了53个工没给，该给多少", "不对 是58个工", "58个工 × 360元 = 20880元"),
        ("一个工360，干了53个工，支过五千，还欠多少", "支过的是六千", "− 给过的6000元 = 13080元"),
        ("一天240，四月上了25天五月上了21天都没开，总共多少", "五月记错了 是23天", "（25天 + 23天 = 48天） × 240元 = 11520元"),
        ("欠我俩月，一个月五千五，一共多少", "借支了一千五 刨去", "− 给过的1500元 = 9500元"),
        ("欠我四五六三个月，月薪3600，一共多少", "想起来了四月的发过了，还欠多少", "2个月 × 3600元 = 7200元"),
        ("欠我七八九三个月，一个月四千，一共多少", "九月就干了半个月，按两千算，还差多少", "2个月 + 0.5个月"),
        ("一方一百八，干了46方没结，该给多少", "工头说先给三千 那还差多少", "他要是给3000元，还差5280元"),
        ("欠我仨月，一个月四千二，一共多少", "他说伙食费扣600，扣完剩多少", "再扣伙食费600元：剩12000元"),
        ("一天二百，干了50天没给，一共多少", "他说饭钱一天十块得扣，五十天扣完还剩多少", "再扣饭钱500元：剩9500元"),
        ("一天二百，干了50天没给，一共多少", "还有四个工是夜里的，一个工260，也没给，加上", "50天 × 200元 + 4个工 × 260元 = 11040元"),
        ("一箱七毛，包了3000箱没给，多少钱", "老板说按一箱八毛，那该给多少", "3000箱 × 0.8元 = 2400元"),
        ("欠我俩月，一个月五千，一共多少", "我借他一千从工资扣 扣完还剩多少", "− 借的1000元 = 9000元"),
    ],
)  # fmt: skip
def test_what_is_told_later_changes_the_sum(figures: Of, begin: str, then: str, words: str) -> None:
    begun, changed = _talk(figures, [begin, then])
    assert "加付" in _first(begun)
    assert words in _first(changed)
    assert "加付" not in _first(changed)


@pytest.mark.parametrize(
    "text",
    [
        "老板欠我钱，大概两三个月，一个月四千多，一共多少",
        "我干了四五十天，一天二百，没给，一共多少",
        "两个月没开支，底薪2800，提成700，一共欠多少",
        "欠我三个月，前年借给他两万，一个月四千五，总共多少",
        "我干了26天，老板给了中介500介绍费，一天180，没给我钱，该给多少",
        "小工一天一百六大工一天三百，我大工干了20天没给，多少",
        "一个工450干了30个工，其中5个工是半价，没给，多少",
        "欠我七八个月，一个月三千，一共多少",
        "欠我4个月工资，一天200，一共多少",
        "我干了一百零八天一直没结，算算该多少",
    ],
)
def test_no_sum_is_said_while_a_quantity_has_no_certain_role(figures: Of, text: str) -> None:
    (result,) = _talk(figures, [text])
    assert result is None or (result.ask and "=" not in _first(result))


@pytest.mark.parametrize(
    "aside",
    [
        "房租还欠人家一千二，愁死了",
        "他车贷一个月还九千 靠谱不",
        "押金三百也不退给我这算不算工资啊",
        "老板他爹八十三了住院",
        "她自己外头还欠人四十万呢",
        "我腰扭了歇了半个月，算不算工伤啊",
    ],
)
def test_an_aside_changes_nothing_of_the_sum(figures: Of, aside: str) -> None:
    talk = ["欠我俩月，一个月五千，一共多少", aside, "给过两千，还差多少"]
    _, said, after = _talk(figures, talk)
    assert said is None
    assert _first(after) == "欠的工资：2个月 × 5000元 − 给过的2000元 = 8000元。"


def test_another_persons_work_is_a_sum_of_their_own(figures: Of) -> None:
    talk = [
        "一天二百六，干了111天没给，该给我多少",
        "我表弟干了七十天一天二百三一分没给，他该多少",
        "我家邻居跟我一样活干了九十天一分没给，她该多少",
        "给过三千，还差我多少",
    ]
    own, cousin, neighbour, later = (_first(result) for result in _talk(figures, talk))
    assert "111天 × 260元 = 28860元" in own
    assert cousin.startswith("表弟的：欠的工资：70天 × 230元 = 16100元")
    assert neighbour.startswith("邻居的：欠的工资：90天 × 260元 = 23400元")
    assert later == "欠的工资：111天 × 260元 − 给过的3000元 = 25860元。"


def test_the_rate_that_was_asked_for_is_a_bare_answer(figures: Of) -> None:
    asked, told = _talk(figures, ["干了118天一直没结你给我算算", "三百二"])
    assert asked is not None
    assert (asked.missing, asked.ask) == ("rate", "一天多少钱？")
    assert "118天 × 320元 = 37760元" in _first(told)


def test_a_deduction_that_is_not_accepted_is_left_out(figures: Of) -> None:
    talk = [
        "欠我仨月，一个月四千，一共多少",
        "她说一月扣我五百房钱，三个月扣完剩多少",
        "房钱不认 还差多少",
    ]
    _, claimed, refused = _talk(figures, talk)
    assert "剩10500元" in _first(claimed)
    assert _first(refused) == "欠的工资：3个月 × 4000元 = 12000元。"


def _damage(figures: Of, texts: Sequence[str], minimum: MinimumWage) -> str:
    known: dict[str, Any] = {}
    for text in texts:
        assert is_of_damage(text, known)
        known = extract_damage(text, (), known)
    result = damage(known, *figures("wage-arrears"), minimum)
    return "\n".join([*result.lines, result.ask])


_PROVINCE = MinimumWage(Decimal(2230), is_of_place=False)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["我工资六千，一个月最多扣我多少"], "6000元 × 20% = 1200元"),
        (
            ["一个月开五千，弄坏机器最多能扣多少", "要赔六千五，得扣几个月"],
            "6500元 ÷ 1000元，要扣7个月",
        ),
        (["月薪4500，每月扣我1200，一个月最多扣多少"], "1200元 − 900元 = 300元"),
        (["月薪4500，每月扣我1200，最多扣多少", "扣了四个月，一共多扣多少"], "300元 × 4 = 1200元"),
        (["工资四千，罚了我五百，最多扣多少"], "没超这个数"),
        (["工资四千，最多扣多少", "说错了 工资是五千二 最多扣多少"], "5200元 × 20% = 1040元"),
        (["一个月就2600 最多扣多少"], "在哪个市"),
    ],
)
def test_a_fifth_of_the_pay_is_the_most_for_damage(
    figures: Of, texts: list[str], words: str
) -> None:
    assert words in _damage(figures, texts, _PROVINCE)


def test_what_is_left_stays_at_the_minimum_wage(figures: Of) -> None:
    facts = extract_damage("一个月就2600 最多扣多少", (), {"place": "210100"})
    minimum = MinimumWage(Decimal(2230), is_of_place=True)
    said = "\n".join(damage(facts, *figures("wage-arrears"), minimum).lines)
    assert "2600元 − 2230元 = 370元" in said


@pytest.mark.parametrize("text", ["病假最多扣多少工资", "迟到最多扣多少", "扣税一个月多少"])
def test_other_deductions_are_none_for_damage(text: str) -> None:
    assert not is_of_damage(text, {"pay": 4000})
