"""Annual leave: days by all years of work, days that remain, and the value of unused days.

职工带薪年休假条例 3 and 5, 企业职工带薪年休假实施办法 4, 10 and 11: years at all employers count; a
day not given is paid three times, once of it within the wage already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.arithmetic import formulas
from bot.arithmetic.results import WHOLE, CalculationResult, Texts, format_number, length, money
from bot.calculators.periods import service_period
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wording import wording

Facts = dict[str, Any]
USED = ("year1", "year10", "year20", "d5", "d10", "d15", "pay", "extra")
_PATTERNS = patterns("calculator_leave")
_SAY = wording("calculator_leave")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the years of work in all, the days taken and the days not given."""
    read = normalise(text).text
    facts: Facts = {}
    lengths = [
        e
        for e in entities
        if e["entity"] == "duration" and not _PATTERNS["other_than_work"].search(text[: e["start"]])
    ]
    lengths = [e for e in lengths if int(e["value"]) >= 12] or lengths[:1]
    in_all = [e for e in lengths if _PATTERNS["total_before_length"].search(text[: e["start"]])]
    months = sum(int(e["value"]) for e in in_all[:1] or lengths)
    worked = service_period(text, entities) if not in_all else None
    if worked and worked.months:
        facts |= {"months": worked.months, "about": worked.is_approximate}
    elif months:
        facts |= {"months": months, "about": False}
    unused_days = _PATTERNS["unused_days"].search(read)
    taken_days = _PATTERNS["taken_days"].search(read)
    if unused_days and (number := _number_of(unused_days)) is not None:
        facts["unused"] = number
    if taken_days and (number := _number_of(taken_days)) is not None:
        facts["taken"] = number
    if _PATTERNS["no_leave_taken"].search(read) and facts.get("unused", 1) == 1:
        facts["taken"] = 0.0
        facts.pop("unused", None)
    entitlement = _PATTERNS["entitled_days"].search(read)
    if entitlement and "unused" not in facts and (number := _number_of(entitlement)):
        facts["entitled"] = number
    return facts


def _number_of(hit: re.Match[str]) -> float | None:
    numeral = next(part for part in hit.groups() if part)
    return 0.5 if numeral == "半" else value(numeral)


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks for days of one's own: 工龄12年年假几天, not 干满一年有几天."""
    own = facts.keys() & {"months", "taken", "unused", "entitled"}
    if _PATTERNS["asks_rule"].search(text):
        return False
    return bool(own and _PATTERNS["asks_own_days"].search(text))


def leave(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Work out the days of leave of a year, and what those not given are worth."""
    rule = _SAY("rule", **texts)
    lines, days = _entitlement(facts, rules, texts, rule)
    if days is None:
        return CalculationResult(lines, USED, missing="months", ask=_SAY("ask_years"))
    if not days:
        return CalculationResult(lines, USED)
    unused_days = Decimal(str(facts["unused"])) if "unused" in facts else days
    if "taken" in facts and "unused" not in facts:
        taken_days = Decimal(str(facts["taken"]))
        unused_days = max(days - taken_days, Decimal(0))
        if facts["taken"]:
            remaining = format_number(unused_days)
            lines.append(
                _SAY("taken_and_unused", taken=format_number(taken_days), unused=remaining)
            )
    if "pay" not in facts:
        ask = "" if lines else _SAY("ask_pay")
        if "taken" in facts or "unused" in facts:
            lines.append(_SAY("pay_rule", pay=texts["pay"], extra=texts["extra"]))
        return CalculationResult(lines, USED, missing="pay" if ask else None, ask=ask)
    pay = Decimal(str(facts["pay"]))
    due = formulas.unused_leave(pay, unused_days, rules)
    full_pay = formulas.yuan(pay / rules["calc_pay_days"] * unused_days * rules["pay"] / 100)
    a_day = f"{money(pay)} ÷ {format_number(rules['calc_pay_days'])} × {format_number(unused_days)}"
    lines.append(
        _SAY(
            "pay_of_unused_days",
            days=format_number(unused_days),
            formula=a_day,
            rate=texts["pay"],
            full_pay=money(full_pay),
            extra_rate=texts["extra"],
            due=money(due),
        )
    )
    return CalculationResult(lines, USED, assumes=_SAY("assumptions"), amounts={WHOLE: due})


def _entitlement(
    facts: Facts, rules: formulas.Rules, texts: Texts, rule: str
) -> tuple[list[str], Decimal | None]:
    """Return what is said of the days of a year, and how many they are (None: not known)."""
    if "months" not in facts:
        if "entitled" in facts:
            days = Decimal(str(facts["entitled"]))
            return [_SAY("entitled_days", days=format_number(days), rule=rule)], days
        if "unused" in facts:
            return [], Decimal(str(facts["unused"]))
        return [_SAY("rule_line", rule=rule)], None
    months = int(facts["months"])
    entitled_days = formulas.leave_days(months, rules)
    if not entitled_days:
        return [_SAY("no_leave_yet", year=texts["year1"], rule=rule)], Decimal(0)
    entry = "days_by_approximate_years" if facts.get("about") else "days_by_years"
    lines = [_SAY(entry, length=length(months), days=entitled_days, rule=rule)]
    days_month_earlier = formulas.leave_days(months - 1, rules)
    if facts.get("about") and days_month_earlier != entitled_days:
        lines.append(_SAY("days_before_month", days=days_month_earlier))
    return lines, Decimal(entitled_days)
