"""Probation: its longest length, and the verdict on one that was agreed.

劳动合同法 19 (length, once only, part of the contract), 20 (pay), 83 (what is due beyond).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.arithmetic import formulas
from bot.arithmetic.results import CalculationResult, Texts, format_number, length, money
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wording import wording

Facts = dict[str, Any]
USED = ("short", "middle", "long", "c3", "c1y", "c3y", "pay")
_PATTERNS = patterns("calculator_probation")
_SAY = wording("calculator_probation")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the length of the contract, of the probation, and what else decides."""
    read = normalise(text).text
    facts: Facts = {}
    lengths = sorted(
        (e for e in entities if e["entity"] == "duration"), key=lambda e: int(e["start"])
    )
    position = 0
    for index, entity in enumerate(lengths):
        lead, following_text = text[position : entity["start"]], text[entity["end"] :]
        position = int(entity["end"])
        next_length = lengths[index + 1 : index + 2]
        # 合同五年试用期一年: the probation is the length that follows.
        of_next = (
            next_length
            and _PATTERNS["trial_before_length"].search(text[position : next_length[0]["start"]])
            and not _PATTERNS["contract_after_length"].match(text[next_length[0]["end"] :])
        )
        of_contract = _PATTERNS["contract_after_length"].match(following_text)
        is_preceded = _PATTERNS["trial_before_length"].search(lead) and not of_contract
        trial = is_preceded or (
            _PATTERNS["trial_after_length"].match(following_text) and not of_next
        )
        facts.setdefault("trial" if trial else "months", float(entity["value"]))
    only = "months" in facts and "trial" not in facts and len(lengths) == 1
    if (
        only
        and known_facts.keys() >= {"trial", "months"}
        and facts["months"] < known_facts["months"]
    ):
        facts["trial"] = facts.pop("months")  # 不对 是两个月, of a contract of a year
    short = _PATTERNS["short_trial"].search(read)
    if short and "trial" not in facts:
        if short["half"]:
            facts["trial"] = 0.5
        elif number := value(short[2]):
            days = number * (1 if short["unit"] in "天日" else 7)
            facts["trial"] = days / 30
    for name, pattern in (
        ("again", _PATTERNS["repeated_trial"]),
        ("none", _PATTERNS["contract_without_trial"]),
        ("only", _PATTERNS["trial_contract_only"]),
    ):
        if pattern.search(read):
            facts[name] = True
    pays = [e for e in entities if e["entity"] == "salary"]
    for pay in pays if len(pays) > 1 else ():
        amount = pay["value"].get("min") or pay["value"].get("max")
        name = "trial_pay" if _PATTERNS["trial_before_pay"].search(text[: pay["start"]]) else "pay"
        facts.setdefault(name, amount)
    judged = bool(_PATTERNS["asks_lawfulness"].search(read))
    if judged and facts.keys() & {"trial", "again", "none", "only", "trial_pay"}:
        facts["judged"] = True
    return facts


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks to judge a probation."""
    return bool(facts.get("judged"))


def probation(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Judge the probation that was agreed, or say how long one may be."""
    rule = _SAY("rule", **texts)
    if facts.get("judged"):
        verdict = _verdict(facts, rules, texts, rule)
        if verdict is not None:
            return verdict
    if "months" not in facts and not facts.get("open_ended"):
        return CalculationResult([rule + "。"], USED, missing="months", ask=_SAY("ask_contract"))
    months = None if facts.get("open_ended") else int(facts["months"])
    limit = formulas.probation_limit(months, rules)
    signed = _SAY("open_ended_contract")
    if months is not None:
        signed = _SAY("signed_contract", length=length(months))
    if not limit:
        line = _SAY("no_probation", contract=signed, length=texts["c3"])
    else:
        line = _SAY("longest_probation", contract=signed, months=limit)
    lines = [line]
    if "pay" in facts and limit:
        min_pay = formulas.yuan(Decimal(str(facts["pay"])) * rules["pay"] / 100)
        pay = money(Decimal(str(facts["pay"])))
        lines.append(_SAY("lowest_pay", pay=pay, rate=texts["pay"], min_pay=money(min_pay)))
    return CalculationResult(lines, USED, next_step=_SAY("next_step"))


def _verdict(
    facts: Facts, rules: formulas.Rules, texts: Texts, rule: str
) -> CalculationResult | None:
    """Return the verdict with its reason; None when the contract's length decides and is open."""
    if facts.get("again"):
        return _unlawful(_SAY("repeated"))
    if facts.get("none"):
        return _unlawful(_SAY("contract_without_probation"))
    if facts.get("only"):
        return _unlawful(_SAY("probation_contract_only"))
    if "trial_pay" in facts and "pay" in facts and "trial" not in facts:
        return _pay_verdict(facts, rules, texts)
    trial = Decimal(str(facts.get("trial") or 0))
    if "months" not in facts and not facts.get("open_ended"):
        if trial > rules["long"]:
            return _unlawful(_SAY("above_all_limits", length=texts["long"], rule=rule))
        line = _SAY("depends_on_contract", rule=rule)
        return CalculationResult([line], USED, missing="months", ask=_SAY("ask_contract"))
    months = None if facts.get("open_ended") else int(facts["months"])
    limit = formulas.probation_limit(months, rules)
    contract = _SAY("open_ended_contract")
    if months is not None:
        contract = _SAY("contract", length=length(months))
    if not limit:
        return _unlawful(_SAY("unlawful_at_length", contract=contract, length=texts["c3"]))
    if not trial:
        return None
    if trial > limit:
        excess = _duration_text(trial - limit)
        return _unlawful(_SAY("too_long", contract=contract, months=limit, excess=excess))
    lawful = _SAY("lawful", contract=contract, months=limit, probation=_duration_text(trial))
    return CalculationResult([lawful, _SAY("conditions", rate=texts["pay"])], USED)


def _pay_verdict(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    min_pay = formulas.yuan(Decimal(str(facts["pay"])) * rules["pay"] / 100)
    agreed_pay = Decimal(str(facts["trial_pay"]))
    rule, min_text = _SAY("pay_rule", rate=texts["pay"]), money(min_pay)
    if agreed_pay < min_pay:
        pay = money(Decimal(str(facts["pay"])))
        return _unlawful(_SAY("pay_too_low", rule=rule, pay=pay, min_pay=min_text))
    line = _SAY("pay_lawful", rule=rule, min_pay=min_text, agreed_pay=money(agreed_pay))
    return CalculationResult([line], USED)


def _unlawful(reason: str) -> CalculationResult:
    lines = [_SAY("unlawful", reason=reason), _SAY("remedy")]
    return CalculationResult(lines, USED, next_step=_SAY("next_step_if_unlawful"))


def _duration_text(months: Decimal) -> str:
    return (
        f"{format_number(months)}个月"
        if months == months.to_integral()
        else f"{round(months * 30)}天"
    )
