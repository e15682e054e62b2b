"""Pay in probation: the least of it, what is missing, and the damages beyond the lawful length.

劳动合同法 20 (at least 80 % of the pay agreed), 83 (the full pay for each month beyond, once more).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.arithmetic.formulas import Rules, yuan
from bot.arithmetic.results import CalculationResult, Texts, format_number, money
from bot.text.pattern_file import patterns
from bot.wording import wording

Entity = Mapping[str, Any]
_PATTERNS = patterns("calculator_trial_pay")
_SAY = wording("calculator_trial_pay")
USED = ("pay",)
#: A month's probation is the whole of it at most, in months.
_MAX_MONTHS = 12


def speaks_of_trial(text: str) -> bool:
    """Tell whether a message names a probation."""
    return bool(_PATTERNS["of_trial"].search(text))


def told_pays(text: str, entities: Sequence[Entity], full_known: bool) -> dict[str, float]:
    """Return the pay agreed (`full`) and the one in probation (`paid`) that a message tells."""
    pays: dict[str, float] = {}
    for entity in entities:
        if entity["entity"] != "salary":
            continue
        amount = entity["value"].get("min") or entity["value"].get("max")
        before = text[: int(entity["start"])]
        if _PATTERNS["trial_before"].search(before):
            pays["paid"] = amount
        elif _PATTERNS["full_before"].search(before):
            pays["full"] = amount
        elif full_known and _PATTERNS["paid_before"].search(before):
            pays["paid"] = amount
    return pays


def requested(
    text: str, entities: Sequence[Entity], pays: Mapping[str, float], rules: Rules, texts: Texts
) -> CalculationResult | None:
    """Return what a message asks of the pay in probation; None where it asks nothing of it."""
    if "full" not in pays:
        return None
    full = Decimal(str(pays["full"]))
    months = _months(text, entities)
    if _PATTERNS["asks_damages"].search(text) and _PATTERNS["unlawful"].search(text):
        return _damages(full, months) if months else None
    floor = yuan(full * rules["pay"] / 100)
    said = _SAY("floor", pay=money(full), rate=texts["pay"], floor=money(floor))
    asks_gap = _PATTERNS["asks_gap"].search(text)
    if "paid" in pays and asks_gap:
        return _gap(text, full, floor, Decimal(str(pays["paid"])), months, said)
    if not _PATTERNS["asks_floor"].search(text):
        return None
    lines = [said]
    if "paid" in pays:
        lines += _gap_lines(floor, Decimal(str(pays["paid"])), None)
    return CalculationResult(lines, USED, next_step=_SAY("next_step"))


def _gap(
    text: str, full: Decimal, floor: Decimal, paid: Decimal, months: Decimal | None, said: str
) -> CalculationResult:
    if _PATTERNS["beyond"].search(text) and paid < full:
        facts = {"pay": money(full), "paid": money(paid), "gap": money(full - paid)}
        return CalculationResult([_SAY("beyond", **facts)], USED, next_step=_SAY("next_step"))
    return CalculationResult(
        [said, *_gap_lines(floor, paid, months)], USED, next_step=_SAY("next_step")
    )


def _gap_lines(floor: Decimal, paid: Decimal, months: Decimal | None) -> list[str]:
    if paid >= floor:
        return [_SAY("no_gap", paid=money(paid), floor=money(floor))]
    gap = floor - paid
    lines = [_SAY("gap", floor=money(floor), paid=money(paid), gap=money(gap))]
    if months and months > 1:
        total = money(yuan(gap * months))
        lines.append(
            _SAY("gap_of_months", gap=money(gap), months=format_number(months), total=total)
        )
    return lines


def _damages(full: Decimal, months: Decimal) -> CalculationResult:
    facts = {"pay": money(full), "months": format_number(months), "total": money(full * months)}
    lines = [_SAY("damages", **facts), _SAY("damages_note")]
    return CalculationResult(lines, USED, next_step=_SAY("next_step"))


def _months(text: str, entities: Sequence[Entity]) -> Decimal | None:
    """Return the months meant: those said to be beyond, or the only length of the message."""
    lengths = [
        entity
        for entity in entities
        if entity["entity"] == "duration" and float(entity["value"]) <= _MAX_MONTHS
    ]
    beyond = [
        entity
        for entity in lengths
        if _PATTERNS["beyond_before"].search(text[: int(entity["start"])])
    ]
    chosen = beyond or (lengths if len(lengths) == 1 else [])
    return Decimal(str(chosen[-1]["value"])) if chosen else None
