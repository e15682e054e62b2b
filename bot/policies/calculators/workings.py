"""Registry of the calculators by topic: facts needed, questions for them, and results.

The arithmetic is shown and assumptions are named; every figure of a rule is the policy base's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from bot.policies.calculators import (
    arrears,
    leave,
    limit,
    overtime,
    probation,
    retirement,
    sums,
    supervision,
)
from bot.policies.calculators.heard import Facts, extract_loan_term
from bot.policies.calculators.said import CalculationResult, Texts, format_number, length, money
from bot.text.pattern_file import patterns
from bot.text.question import is_question

Calculate = Callable[[Facts, sums.Rules, Texts], CalculationResult]
Extract = Callable[[str, Sequence[Mapping[str, Any]], Facts], Facts]
IsRequested = Callable[[str, Facts], bool]


def _extract_nothing(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    return {}


def _never(text: str, facts: Facts) -> bool:
    return False


@dataclass(frozen=True)
class Calculator:
    """A calculation of one topic."""

    calculate: Calculate
    continue_on: frozenset[str] = field(default_factory=frozenset)
    """Facts of which one in a message is enough to go on, or to repeat with another figure."""
    start_on: frozenset[str] = field(default_factory=frozenset)
    """Facts of which one makes a question for a sum one for this person's own sum."""
    extract: Extract = _extract_nothing
    """Reads facts of its own from a message, in addition to the common ones, which they override."""
    own_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that only `extract` tells."""
    topic_only_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that count only where they were told of this topic, not elsewhere in the talk."""
    is_requested: IsRequested = _never
    """Tells from a message and its facts that it asks for this, in words that ask for no sum."""
    only_on_request: bool = False
    """True when a rule is answered unless `is_requested` tells otherwise, whatever act was meant."""
    certain_words: re.Pattern[str] = re.compile(r"(?!)")
    """Words that mean this topic whatever the model holds, with a fact of `start_on`."""
    likely_words: re.Pattern[str] = re.compile(r"(?!)")
    """Words that mean this topic where the model is not sure of one, with a fact of `start_on`."""
    sufficient_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that make the whole sum: told within the talk about it, they are worked out unasked."""


def _severance(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    used = ("per_year", "half_year", "half", "times", "most_years", "double", "average")
    rule = f"每满{texts['each']}给{texts['per_year']}，{texts['half_year']}以上按一年，不到的给{texts['half']}"
    if "months" not in facts:
        return CalculationResult(
            [*_pay_basis_lines(facts, texts), f"经济补偿（N）按在本单位干了多久算：{rule}。"],
            used,
            missing="months",
            ask="你在这个单位干了多久？（比如：六年半）",
        )
    months = Decimal(str(facts["months"]))
    count = sums.severance_months(months, rules)
    protected = _protection_lines(facts)
    approximately, month = ("大约", _month_question(facts)) if facts.get("about") else ("", "")
    first_line = f"干了{approximately}{length(float(months))}：N 是{format_number(count)}个月工资（{rule}）。"
    if "pay" not in facts:
        return CalculationResult(
            [*protected, first_line],
            used,
            missing="pay",
            ask="走之前12个月，平均一个月应得多少钱？（含奖金津贴）",
        )
    pay = Decimal(str(facts["pay"]))
    average = Decimal(str(facts["average"])) if facts.get("average") else None
    result = sums.severance(months, pay, rules, average)
    return CalculationResult(
        [
            *(f"{line}2N = {money(result.two_n)}。" for line in protected),
            first_line,
            *([facts["pay_mixed"]] if "pay_mixed" in facts else []),
            *_pay_basis_lines(facts, texts),
            *_cap_lines(pay, result, average, texts),
            f"N = {money(result.base)} × {format_number(result.months)} = {money(result.n)}。",
            f"没做错事、单位没提前{texts['notice']}通知就按第四十条辞的：N+1 = {money(result.n_plus_1)}。",
            f"违法辞退的：2N = {money(result.n)} × {format_number(rules['double'])} = {money(result.two_n)}，给了就不再另给N。",
            "自己辞职、因严重过错被辞的，没有这笔钱。",
        ],
        used,
        assumes=f"{money(pay)}当作走之前{texts['average']}的平均应得工资"
        + _net_pay_assumption(facts)
        + _average_assumption(average, texts),
        missing=f"{facts['about']}_month" if month else None,
        ask=month,
        next_step="留好合同、工资流水、辞退通知。谈不拢可以申请劳动仲裁，由仲裁委和法院认定。",
    )


def _pay_basis_lines(facts: Facts, texts: Texts) -> list[str]:
    """Say which of two pays that were told counts, and by how much a month's pay differs."""
    other = "basic" if "basic" in facts else "net"
    if not {"pay", other} <= facts.keys() or facts["pay"] == facts[other]:
        return []
    pay, less = (Decimal(str(facts[name])) for name in ("pay", other))
    called = {"basic": "基本工资", "net": "到手"}[other]
    return [
        f"“一个月工资”按走之前{texts['average']}平均应得的算：按{money(pay)}，不按{called}的{money(less)}，"
        f"每个月工资差{money(abs(pay - less))}。"
    ]


def _net_pay_assumption(facts: Facts) -> str:
    """Say that a pay told as paid out is less than what was earned, which counts."""
    if facts.get("net") != facts["pay"]:
        return ""
    return "；你说的是到手数，应得的要加上扣掉的个人社保，照工资条的应发数再算一遍"


def _protection_lines(facts: Facts) -> list[str]:
    """Say that one may not be dismissed in the time that the person tells of (劳动合同法 42)."""
    if "protected" not in facts:
        return []
    return [
        f"{facts['protected']}里，除非你有严重过错，单位不能辞你（劳动合同法第四十二条）。"
        "辞了算违法：能要求回去接着干，或者要2N，只能选一样。"
    ]


def _month_question(facts: Facts) -> str:
    """Ask for the month of the end that is known by its year only."""
    event = "入职" if facts["about"] == "began" else "离开"
    return f"这是约数，只按年份算的：是几月{event}的？说了能算准。"


def _cap_lines(
    pay: Decimal, got: sums.Severance, average: Decimal | None, texts: Texts
) -> list[str]:
    """Say that pay above three times the mean of the place counts no further (劳动合同法 47)."""
    if not got.capped or average is None:
        return []
    return [
        f"你的{money(pay)}高过当地平均工资{money(average)}的{texts['times']}，"
        f"只按{money(got.base)}算，最多算{texts['most_years']}。"
    ]


def _average_assumption(average: Decimal | None, texts: Texts) -> str:
    if average is not None:
        return f"；当地平均工资按你说的{money(average)}"
    return (
        f"；要是高过当地平均工资{texts['times']}，只按{texts['times']}算，最多{texts['most_years']}"
    )


def _double_pay(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    used = ("sign", "most", "times")
    rule = f"用工满{texts['sign']}还没签书面合同，从第二个月起每月付{texts['times']}工资，最多{texts['most']}"
    if "months" not in facts:
        return CalculationResult(
            [rule + "。"], used, missing="months", ask="你没签合同一共干了多久？（比如：七个月）"
        )
    months = int(facts["months"])
    count = sums.double_pay_months(months, rules)
    if not count:
        return CalculationResult(
            [f"干了{length(months)}，还没超过{texts['sign']}，没有二倍工资。{rule}。"], used
        )
    first_line = f"没签合同干了{length(months)}：能多要{count}个月工资（{rule}）。"
    if "pay" not in facts:
        return CalculationResult([first_line], used, missing="pay", ask="一个月工资多少？")
    pay = Decimal(str(facts["pay"]))
    due = sums.double_pay(months, pay, rules)
    return CalculationResult(
        [first_line, f"{money(pay)} × {count} = {money(due)}，这是除了已经发的工资以外再给的。"],
        used,
        assumes="每月工资一样；不是你自己故意不签的",
        next_step="留好工作证明、工资流水、聊天记录。申请仲裁有时限，早点去；认不认由仲裁委和法院定。",
    )


def _loan(facts: Facts, rules: sums.Rules, texts: Texts) -> CalculationResult:
    used = ("max_amount", "max_years", "rate_above_lpr", "subsidy")
    rule = f"最高{texts['max_amount']}、最长{texts['max_years']}，利率不超过{texts['rate_above_lpr']}，贴息{texts['subsidy']}"
    if "amount" not in facts:
        return CalculationResult(
            [f"创业担保贷款：{rule}。"], used, missing="amount", ask="你想贷多少？"
        )
    months = int(facts.get("months") or rules["max_years"] * 12)
    requested = Decimal(str(facts["amount"]))
    lines = []
    if requested > rules["max_amount"] or months > rules["max_years"] * 12:
        lines.append(f"个人{rule.split('，')[0]}，超出的部分按上限算。")
    principal = min(requested, rules["max_amount"])
    yearly_rate = _rate(facts, rules)
    if yearly_rate is None:
        lines.append(
            f"一年利息 = {money(principal)} × 银行给你的年利率，财政贴{texts['subsidy']}，其余自己掏。"
            f"利率上限是{texts['rate_above_lpr']}，LPR 每月变，我没有核实过的当月数。"
        )
        return CalculationResult(
            lines,
            used,
            missing="rate",
            ask="银行说的年利率是百分之几？告诉我就能算成钱。",
        )
    result = sums.loan(requested, months, yearly_rate, rules)
    rate = format_number(yearly_rate)
    if "rate" not in facts:
        lines.append(f"LPR {facts['lpr']}% 的话，利率最高 {texts['rate_above_lpr']} = {rate}%。")
    lines += [
        f"{money(result.principal)} × {rate}% = 一年利息{money(result.yearly)}，{length(result.months)}一共{money(result.interest)}。",
        f"财政贴{texts['subsidy']}：{money(result.subsidy)}；自己掏{money(result.own)}。",
    ]
    return CalculationResult(
        lines,
        used,
        assumes=f"年利率按{rate}%，按期付息、到期还本，贴息一直都有",
        next_step="够不够条件、利率多少、贴不贴，由人社、担保机构和银行审。",
    )


def _rate(facts: Facts, rules: sums.Rules) -> Decimal | None:
    """Return the yearly rate in percent: the bank's, or the highest over a stated LPR."""
    if facts.get("rate"):
        return Decimal(str(facts["rate"]))
    lpr = facts.get("lpr")
    return sums.rate_limit(Decimal(str(lpr)), rules) if lpr else None


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _extract_overtime(
    text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts
) -> Facts:
    earlier = [overtime.Item.from_dict(item) for item in known_facts.get("items") or ()]
    new = overtime.items(text, entities)
    return {"items": [item.to_dict() for item in overtime.merge_items(earlier, new)]} if new else {}


def _asks_overtime(text: str, facts: Facts) -> bool:
    """Tell whether it is asked if a make-up day counts as overtime, also one named by its date."""
    items = facts.get("items") or ()
    days = (date.fromisoformat(day) for item in items for day in item["dates"])
    return any(item["kind"] == "make_up" for item in items) or any(
        day.weekday() >= _SATURDAY and overtime.kind_of_day(day) == "day" for day in days
    )


_SATURDAY = 5


_PATTERNS = patterns("calculator_topics")


def _asks_double_pay(text: str, facts: Facts) -> bool:
    """Tell whether a message states how long one worked without a contract, and asks nothing else."""
    if "months" not in facts or not _PATTERNS["no_written_contract"].match(text):
        return False
    asks_it = _PATTERNS["asks_double_pay"].search(text)
    return bool(asks_it) or (len(text) <= _PLAIN_STATEMENT and not is_question(text))


#: A message so short says nothing beside how long there was no contract.
_PLAIN_STATEMENT = 16


def _asks_loan(text: str, facts: Facts) -> bool:
    """Tell whether a sum and its rate are both stated: there is nothing else to be done with them."""
    return "amount" in facts and bool(facts.keys() & {"rate", "lpr"})


#: The calculations by topic; the unemployment benefit has rules of its own (benefit.py).
CALCULATORS: dict[str, Calculator] = {
    "severance": Calculator(
        _severance,
        _names("months pay average"),
        _names("months pay"),
        sufficient_facts=_names("months pay"),
        certain_words=_PATTERNS["severance_certain"],
        likely_words=_PATTERNS["severance_likely"],
    ),
    "labor-contract": Calculator(
        _double_pay,
        _names("months pay"),
        _names("months"),
        is_requested=_asks_double_pay,
        certain_words=_PATTERNS["no_written_contract"],
    ),
    "probation": Calculator(
        probation.probation,
        _names("months pay open_ended trial"),
        extract=probation.extract_facts,
        own_facts=_names("months"),
        is_requested=probation.is_requested,
        likely_words=_PATTERNS["probation_likely"],
    ),
    "overtime": Calculator(
        overtime.overtime,
        _names("pay hours days kind items"),
        _names("pay hours days items"),
        extract=_extract_overtime,
        is_requested=_asks_overtime,
        likely_words=_PATTERNS["overtime_likely"],
    ),
    "paid-leave": Calculator(
        leave.leave,
        _names("months pay taken unused entitled"),
        extract=leave.extract_facts,
        own_facts=_names("months about"),
        is_requested=leave.is_requested,
        likely_words=_PATTERNS["leave_likely"],
    ),
    "labor-arbitration": Calculator(
        limit.arbitration,
        _names("date"),
        extract=limit.extract_facts,
        own_facts=_names("date ended"),
        is_requested=limit.is_requested,
        likely_words=_PATTERNS["arbitration_likely"],
    ),
    "wage-arrears": Calculator(
        arrears.arrears,
        _names("months days hours pay daily hourly given spells owed people"),
        extract=arrears.extract_facts,
        own_facts=_names(
            "months about began ended days hours pay pay_mixed average amount rate date kind"
        ),
        is_requested=arrears.is_requested,
        only_on_request=True,
        likely_words=_PATTERNS["arrears_likely"],
    ),
    "social-insurance-enrolment": Calculator(
        supervision.supervision,
        _names("left months still"),
        _names("left months still"),
        extract=supervision.extract_facts,
        own_facts=_names("months about began ended days pay date"),
        is_requested=supervision.is_requested,
        only_on_request=True,
        certain_words=_PATTERNS["insurance"],
    ),
    "retirement-age": Calculator(
        retirement.retirement,
        _names("born age group"),
        _names("born age"),
        extract=retirement.extract_facts,
        own_facts=_names("months about began ended days pay date"),
        topic_only_facts=_names("born age group"),
        is_requested=retirement.is_requested,
        only_on_request=True,
        certain_words=_PATTERNS["retirement_certain"],
        likely_words=_PATTERNS["retirement_likely"],
    ),
    "startup-loan": Calculator(
        _loan,
        _names("amount months rate lpr"),
        _names("amount rate lpr"),
        extract=extract_loan_term,
        own_facts=_names("months about began ended"),
        topic_only_facts=_names("months about began ended"),
        is_requested=_asks_loan,
        likely_words=_PATTERNS["loan_likely"],
        sufficient_facts=_names("amount months"),
    ),
}
