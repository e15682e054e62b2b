"""Calculation of deductions from the pay for damage: at most a share of the month's pay.

工资支付暂行规定 16: a fifth of the month's pay at most, and what is left not below the minimum
wage of the place. Worked out: the most of a month, how many months a loss takes, and how much was
taken off too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from bot import clock
from bot.arithmetic import formulas
from bot.arithmetic.results import CalculationResult, Texts, format_number, money, numbers
from bot.db.session import session
from bot.policies.versions import version_in_force
from bot.text.chinese_numbers import value
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.vocabulary.vocabulary import vocabulary
from bot.wages_owed.reading import money_value
from bot.wording import wording

Facts = dict[str, Any]
USED = ("deduct",)
#: The policy that holds the minimum wages of the places.
MINIMUM_WAGE = "minimum-wage"
_PATTERNS = patterns("calculator_damage")
_SAY = wording("calculator_damage")
#: Figures of the minimum wage by which a place is judged that is not known: the highest first.
_TIERS = ("first", "second", "third")


def is_of_damage(text: str, known: Facts) -> bool:
    """Tell whether a message asks for the most, the months or the excess of a deduction."""
    asks_excess = _PATTERNS["asks_excess"].search(text)
    asks_months = _PATTERNS["asks_months"].search(text)
    asks_most = _PATTERNS["asks_most"].search(text)
    if _PATTERNS["other_deductions"].search(text):
        return False
    return bool(asks_most or ((asks_excess or asks_months) and (known or _pay(text))))


def extract_damage(text: str, entities: Sequence[Mapping[str, Any]], known: Facts) -> Facts:
    """Return the pay, the loss, what is taken off a month, and what the message asks for."""
    read_text = normalise(text).text
    facts = dict(known)
    pay = _pay(read_text)
    if pay:
        facts["pay"] = pay
    for name in ("taken", "loss"):
        for hit in _PATTERNS[name].finditer(read_text):
            amount = money_value(hit["money"])
            if amount:
                facts[name] = amount
    months = _PATTERNS["months"].search(read_text)
    facts["months"] = value(months["number"]) if months else None
    places = [e["value"] for e in entities if e["entity"] == "region" and e["value"]]
    if places:
        facts["place"] = places[-1]
    facts["asks"] = [
        name for name in ("most", "months", "excess") if _PATTERNS[f"asks_{name}"].search(read_text)
    ]
    return facts


def _pay(text: str) -> float | None:
    """Return the month's pay that a message tells in so many words."""
    hits = list(_PATTERNS["pay"].finditer(text))
    return money_value(hits[-1]["money"]) if hits else None


@dataclass(frozen=True)
class MinimumWage:
    """The wage a month below which no deduction goes."""

    amount: Decimal | None
    """None where the base has none."""
    is_of_place: bool
    """False where it is the highest of the province."""


def damage(
    facts: Facts, rules: formulas.Rules, texts: Texts, minimum: MinimumWage
) -> CalculationResult:
    """Work out what may be taken off, or ask for the pay or the place."""
    if "pay" not in facts:
        rule = _SAY("rule", rate=texts["deduct"])
        return CalculationResult([rule], USED, missing="damage_pay", ask=_SAY("ask_pay"))
    pay = Decimal(str(facts["pay"]))
    share = formulas.yuan(pay * rules["deduct"] / 100)
    most = share
    lines = [_SAY("share", pay=money(pay), rate=texts["deduct"], share=money(share))]
    floor = minimum.amount
    if floor is None or pay - share >= floor:
        lines.append(_SAY("floor_rule"))
    elif minimum.is_of_place:
        most = max(pay - floor, Decimal(0))
        place = vocabulary().full_name(str(facts["place"]))
        lines.append(
            _SAY("floor", place=place, floor=money(floor), pay=money(pay), most=money(most))
        )
    else:
        ask = _SAY("ask_place", rest=money(pay - share))
        return CalculationResult(lines, USED, missing="damage_place", ask=ask)
    lines += _asked_lines(facts, most)
    return CalculationResult(lines, USED, next_step=_SAY("next_step"))


def minimum_wage(place: str | None) -> MinimumWage:
    """Return the minimum wage of a place; where it is not known the highest of the province."""
    with session() as db:
        own = version_in_force(db, MINIMUM_WAGE, place, clock.today()) if place else None
        values = numbers({f.name: f.value for f in own.figures}) if own else {}
        if "month" in values:
            return MinimumWage(values["month"], is_of_place=True)
        province = version_in_force(db, MINIMUM_WAGE, None, clock.today())
        tiers = numbers({f.name: f.value for f in province.figures}) if province else {}
    known = [tiers[name] for name in _TIERS if name in tiers]
    return MinimumWage(max(known, default=None), is_of_place=False)


def _asked_lines(facts: Facts, most: Decimal) -> list[str]:
    asks = facts.get("asks") or ()
    lines = []
    if "months" in asks and facts.get("loss") and most > 0:
        loss = Decimal(str(facts["loss"]))
        months = (loss / most).to_integral_value(ROUND_CEILING)
        key = "months_even" if loss % most == 0 else "months"
        lines.append(_SAY(key, loss=money(loss), most=money(most), months=format_number(months)))
    if facts.get("taken"):
        lines += _excess_lines(facts, most)
    return lines


def _excess_lines(facts: Facts, most: Decimal) -> list[str]:
    taken = Decimal(str(facts["taken"]))
    if taken <= most:
        return [_SAY("within", taken=money(taken))]
    excess = taken - most
    lines = [_SAY("excess", taken=money(taken), most=money(most), excess=money(excess))]
    months = Decimal(str(facts.get("months") or 0))
    if months > 1:
        total = money(excess * months)
        lines.append(
            _SAY("excess_total", months=format_number(months), excess=money(excess), total=total)
        )
    return lines
