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

from bot.arithmetic import formulas
from bot.arithmetic.results import WHOLE, CalculationResult, Texts, format_number, length, money
from bot.calculators import arbitration, leave, overtime, probation, retirement, supervision
from bot.calculators.inputs import Facts, extract_loan_term
from bot.text.pattern_file import patterns
from bot.text.questions import is_question
from bot.wages_owed import claims as wage_claims
from bot.wording import wording

Calculate = Callable[[Facts, formulas.Rules, Texts], CalculationResult]
Extract = Callable[[str, Sequence[Mapping[str, Any]], Facts], Facts]
IsRequested = Callable[[str, Facts], bool]

_PATTERNS = patterns("calculator_topics")
_SAY = wording("calculator_topics")


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
    """Reads facts of its own from a message; they override the common ones."""
    own_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that only `extract` tells."""
    topic_only_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that count only where they were told of this topic, not elsewhere in the talk."""
    is_requested: IsRequested = _never
    """Tells from a message and its facts that it asks for this, in words that ask for no sum."""
    only_on_request: bool = False
    """True when the rule is answered unless `is_requested`, whatever act was meant."""
    is_cumulative: bool = False
    """True when `extract` reads a message into all that was told before."""
    certain_words: re.Pattern[str] = re.compile(r"(?!)")
    """Words that mean this topic whatever the model holds, with a fact of `start_on`."""
    likely_words: re.Pattern[str] = re.compile(r"(?!)")
    """Words that mean this topic where the model is not sure of one, with a fact of `start_on`."""
    sufficient_facts: frozenset[str] = field(default_factory=frozenset)
    """Facts that make the whole sum: told within the talk about it, they are worked out unasked."""


def _severance(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    used = ("per_year", "half_year", "half", "times", "most_years", "double", "average")
    rule = _SAY("severance_rule", **texts)
    if "months" not in facts:
        return CalculationResult(
            [*_pay_basis_lines(facts, texts), _SAY("severance_by_service", rule=rule)],
            used,
            missing="months",
            ask=_SAY("ask_service"),
        )
    months = Decimal(str(facts["months"]))
    count = formulas.severance_months(months, rules)
    protected = _protection_lines(facts)
    month = _month_question(facts) if facts.get("about") else ""
    first_line = _SAY(
        "severance_months_approximately" if month else "severance_months",
        length=length(float(months)),
        months=format_number(count),
        rule=rule,
    )
    if "pay" not in facts:
        return CalculationResult(
            [*protected, first_line],
            used,
            missing="pay",
            ask=_SAY("ask_mean_pay"),
        )
    pay = Decimal(str(facts["pay"]))
    average = Decimal(str(facts["average"])) if facts.get("average") else None
    last_pay = Decimal(str(facts["last_pay"])) if facts.get("last_pay") else None
    result = formulas.severance(months, pay, rules, average, last_pay)
    return CalculationResult(
        [
            *(f"{line}2N = {money(result.two_n)}。" for line in protected),
            first_line,
            *([facts["pay_mixed"]] if "pay_mixed" in facts else []),
            *_pay_basis_lines(facts, texts),
            *_cap_lines(pay, result, average, texts),
            f"N = {money(result.base)} × {format_number(result.months)} = {money(result.n)}。",
            _SAY("n_plus_1", notice=texts["notice"], amount=money(result.n_plus_1)),
            _SAY(
                "two_n",
                n=money(result.n),
                times=format_number(rules["double"]),
                amount=money(result.two_n),
            ),
            _SAY("no_severance"),
            *_offer_lines(facts, result),
        ],
        used,
        assumes=_SAY("severance_assumptions", pay=money(pay), period=texts["average"])
        + _net_pay_assumption(facts)
        + _average_assumption(average, texts),
        missing=f"{facts['about']}_month" if month else None,
        ask=month,
        next_step=_SAY("severance_next_step"),
        amounts={"N": result.n, "N+1": result.n_plus_1, "2N": result.two_n},
    )


def _offer_lines(facts: Facts, result: formulas.Severance) -> list[str]:
    """Say how far what is offered is from N."""
    if not facts.get("offer"):
        return []
    offer = Decimal(str(facts["offer"]))
    entry = "offer_less" if offer < result.n else "offer_enough"
    return [_SAY(entry, offer=money(offer), n=money(result.n), gap=money(abs(result.n - offer)))]


def _pay_basis_lines(facts: Facts, texts: Texts) -> list[str]:
    """Say which of two pays that were told counts, and by how much a month's pay differs."""
    other = "basic" if "basic" in facts else "net"
    if not {"pay", other} <= facts.keys() or facts["pay"] == facts[other]:
        return []
    pay, other_pay = (Decimal(str(facts[name])) for name in ("pay", other))
    return [
        _SAY(
            "mean_pay_not_basic_pay" if other == "basic" else "mean_pay_not_net_pay",
            period=texts["average"],
            pay=money(pay),
            other_pay=money(other_pay),
            difference=money(abs(pay - other_pay)),
        )
    ]


def _net_pay_assumption(facts: Facts) -> str:
    """Say that a pay told as paid out is less than what was earned, which counts."""
    if facts.get("net") != facts["pay"]:
        return ""
    return _SAY("net_pay_assumption")


def _protection_lines(facts: Facts) -> list[str]:
    """Say that one may not be dismissed in the time that the person tells of (劳动合同法 42)."""
    if "protected" not in facts:
        return []
    return [_SAY("protected_time", time=facts["protected"])]


def _month_question(facts: Facts) -> str:
    """Ask for the month of the end that is known by its year only."""
    return _SAY("ask_month_of_start" if facts["about"] == "began" else "ask_month_of_end")


def _cap_lines(
    pay: Decimal, result: formulas.Severance, average: Decimal | None, texts: Texts
) -> list[str]:
    """Say that pay above three times the mean of the place counts no further (劳动合同法 47)."""
    if not result.capped or average is None:
        return []
    return [
        _SAY(
            "capped_pay",
            pay=money(pay),
            average=money(average),
            times=texts["times"],
            base=money(result.base),
            years=texts["most_years"],
        )
    ]


def _average_assumption(average: Decimal | None, texts: Texts) -> str:
    if average is not None:
        return _SAY("average_assumption", average=money(average))
    return _SAY("cap_assumption", times=texts["times"], years=texts["most_years"])


def _double_pay(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    used = ("sign", "most", "times")
    rule = _SAY("double_pay_rule", **texts)
    if "months" not in facts:
        ask = _SAY("ask_time_without_contract")
        return CalculationResult([rule + "。"], used, missing="months", ask=ask)
    months = int(facts["months"])
    count = formulas.double_pay_months(months, rules)
    if not count:
        line = _SAY("no_double_pay", length=length(months), limit=texts["sign"], rule=rule)
        return CalculationResult([line], used)
    first_line = _SAY("double_pay_months", length=length(months), months=count, rule=rule)
    if "pay" not in facts:
        return CalculationResult([first_line], used, missing="pay", ask=_SAY("ask_monthly_pay"))
    pay = Decimal(str(facts["pay"]))
    due = formulas.double_pay(months, pay, rules)
    return CalculationResult(
        [first_line, _SAY("double_pay", pay=money(pay), months=count, due=money(due))],
        used,
        assumes=_SAY("double_pay_assumptions"),
        next_step=_SAY("double_pay_next_step"),
        amounts={WHOLE: due},
    )


def _loan(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    used = ("max_amount", "max_years", "rate_above_lpr", "subsidy")
    limits = {"amount": texts["max_amount"], "years": texts["max_years"]}
    if "amount" not in facts:
        rates = {"rate": texts["rate_above_lpr"], "subsidy": texts["subsidy"]}
        rule = _SAY("loan_rule", **limits, **rates)
        return CalculationResult([rule], used, missing="amount", ask=_SAY("ask_amount"))
    months = int(facts.get("months") or rules["max_years"] * 12)
    requested = Decimal(str(facts["amount"]))
    lines = []
    if requested > rules["max_amount"] or months > rules["max_years"] * 12:
        lines.append(_SAY("above_loan_limits", **limits))
    principal = min(requested, rules["max_amount"])
    yearly_rate = _rate(facts, rules)
    if yearly_rate is None:
        lines.append(
            _SAY(
                "interest_by_unknown_rate",
                principal=money(principal),
                subsidy=texts["subsidy"],
                limit=texts["rate_above_lpr"],
            )
        )
        return CalculationResult(lines, used, missing="rate", ask=_SAY("ask_rate"))
    result = formulas.loan(requested, months, yearly_rate, rules)
    rate = format_number(yearly_rate)
    if "rate" not in facts:
        limit = texts["rate_above_lpr"]
        lines.append(_SAY("rate_by_lpr", lpr=facts["lpr"], limit=limit, rate=rate))
    lines += [
        _SAY(
            "interest",
            principal=money(result.principal),
            rate=rate,
            yearly=money(result.yearly),
            length=length(result.months),
            total=money(result.interest),
        ),
        _SAY(
            "subsidy",
            rate=texts["subsidy"],
            subsidy=money(result.subsidy),
            own=money(result.own),
        ),
    ]
    return CalculationResult(
        lines,
        used,
        assumes=_SAY("loan_assumptions", rate=rate),
        next_step=_SAY("loan_next_step"),
    )


def _rate(facts: Facts, rules: formulas.Rules) -> Decimal | None:
    """Return the yearly rate in percent: the bank's, or the highest over a stated LPR."""
    if facts.get("rate"):
        return Decimal(str(facts["rate"]))
    lpr = facts.get("lpr")
    return formulas.rate_limit(Decimal(str(lpr)), rules) if lpr else None


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


def _extract_overtime(
    text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts
) -> Facts:
    earlier = [overtime.OvertimeItem.from_dict(item) for item in known_facts.get("items") or ()]
    new = overtime.extract_items(text, entities)
    return {"items": [item.to_dict() for item in overtime.merge_items(earlier, new)]} if new else {}


def _asks_overtime(text: str, facts: Facts) -> bool:
    """Tell whether it is asked if a make-up day counts as overtime, also one named by its date."""
    items = facts.get("items") or ()
    days = (date.fromisoformat(day) for item in items for day in item["dates"])
    return any(item["kind"] == "make_up" for item in items) or any(
        day.weekday() >= _SATURDAY and overtime.kind_of_day(day) == "day" for day in days
    )


_SATURDAY = 5


def _asks_double_pay(text: str, facts: Facts) -> bool:
    """Tell whether a message on work without a contract asks for the sum, or nothing at all."""
    if "months" not in facts or not _PATTERNS["no_written_contract"].match(text):
        return False
    asks_it = _PATTERNS["asks_double_pay"].search(text)
    return bool(asks_it) or (len(text) <= _MAX_STATEMENT_LENGTH and not is_question(text))


#: Characters of a message that says nothing but how long there was no contract.
_MAX_STATEMENT_LENGTH = 16


def _asks_loan(text: str, facts: Facts) -> bool:
    """Tell whether a sum and its rate are both stated: they serve nothing else."""
    return "amount" in facts and bool(facts.keys() & {"rate", "lpr"})


#: The calculations by topic; the unemployment benefit has rules of its own
#: (unemployment_benefit.py).
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
        arbitration.arbitration,
        _names("date"),
        extract=arbitration.extract_facts,
        own_facts=_names("date ended"),
        is_requested=arbitration.is_requested,
        likely_words=_PATTERNS["arbitration_likely"],
    ),
    "wage-arrears": Calculator(
        wage_claims.calculate,
        wage_claims.CONTINUE_ON,
        extract=wage_claims.extract_facts,
        own_facts=_names(
            "months about began ended days hours pay pay_mixed average amount rate date kind"
        ),
        is_requested=wage_claims.is_requested,
        only_on_request=True,
        is_cumulative=True,
        certain_words=_PATTERNS["arrears_certain"],
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
