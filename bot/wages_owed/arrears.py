"""Calculation of owed wages: work at its rate, further items, less what was paid.

劳动合同法 30 (paid in full and in time), 85 (more when an order to pay is not followed); a day of
a monthly pay counts 1/21.75 of it (人社部发〔2025〕2号). What a message states is read by
reading.py and roles.py, and taken into the ledger by merging.py. An amount is worked
out only where every quantity has one certain meaning; else one thing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.arithmetic import formulas
from bot.arithmetic.results import WHOLE, CalculationResult, Texts, format_number, money
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.wages_owed.ledger import Entry, Ledger, WorkItem
from bot.wages_owed.merging import asks_amount, is_question_of_rule, merge, note_told
from bot.wages_owed.reading import WageRate, WageReading, money_value, read
from bot.wording import wording

Facts = dict[str, Any]
USED = ("calc_pay_days", "extra_low", "extra_high")
#: Facts that a message changes: of one the sum begun goes on with.
LEDGER_FACTS = ("ledger", "other")
#: Characters of a message that says nothing but a further figure: 给过2000.
_MAX_BARE_FIGURES = 12
_PATTERNS = patterns("calculator_arrears")
_SAY = wording("calculator_arrears")


def extract_facts(text: str, entities: Sequence[Mapping[str, Any]], known_facts: Facts) -> Facts:
    """Return the ledger after a message, whose it is, and whether the message asks for a sum."""
    read_text = normalise(text).text
    name = _other_person(read_text, known_facts)
    reading = read(read_text)
    own = Ledger.from_dict(known_facts.get("noted") or known_facts.get("ledger"))
    other = known_facts.get("other") or {}
    known = own
    if name:
        is_same = name == other.get("name")
        known = Ledger.from_dict(other.get("ledger")) if is_same else Ledger()
        if _PATTERNS["same_as_me"].search(read_text):
            known.rates = {**own.rates, **known.rates}
    _take_bare_answer(reading, known, known_facts)
    merged = merge(reading, known)
    requested = _is_requested(read_text, known, merged.ledger, merged.states_work)
    facts: Facts = {"of": name, "unclear": merged.unclear, "requested": requested}
    facts["is_repeated"] = _is_computable(own)
    content = (known if merged.unclear else merged.ledger).to_dict()
    if not requested:
        return facts | ({} if name or merged.unclear else {"noted": content})
    return facts | (
        {"other": {"name": name, "ledger": content}} if name else {"ledger": content, "noted": None}
    )


def remembered_ledger(text: str, facts: Facts | None, stated: Facts) -> Facts:
    """Return what the talk keeps of wages: the ledger worked on, else the rates that were told.

    一天二百六 is told long before the sum is asked for, and stands after another matter.
    """
    if facts and facts.get("ledger"):
        return {"ledger": facts.get("noted") or facts["ledger"]}
    read_text = normalise(text).text
    if any(_PATTERNS[name].search(read_text) for name in ("asks_rule", "others_rate", "of_search")):
        return {}
    ledger = note_told(read(read_text), Ledger.from_dict(stated.get("ledger")))
    return {"ledger": ledger.to_dict()} if ledger.rates or ledger.pending else {}


def is_requested(text: str, facts: Facts) -> bool:
    """Tell whether a message asks what is owed in all: 欠我4个月工资一个月5000一共欠多少."""
    return bool(facts.get("requested"))


def _other_person(text: str, known_facts: Facts) -> str:
    """Return the name of the other person whose work is counted; empty for the person."""
    hit = _PATTERNS["other_person"].search(text)
    if hit and any(token.start >= hit.start("name") for token in read(text).tokens()):
        return hit["name"]
    known_name = str((known_facts.get("other") or {}).get("name") or "")
    own_items = (known_facts.get("noted") or known_facts.get("ledger") or {}).get("items")
    if known_name and not own_items and not _PATTERNS["of_self"].search(text):
        return known_name  # the talk is of the other person's wages alone
    goes_on = known_facts.get("of") == known_name and _PATTERNS["of_other"].search(text)
    return known_name if goes_on and not _PATTERNS["of_self"].search(text) else ""


def _take_bare_answer(reading: WageReading, known: Ledger, known_facts: Facts) -> None:
    """Read a sum alone as the rate that was asked for: 三百二."""
    hit = _PATTERNS["bare"].match(reading.text)
    units = {item.unit for item in known.items}
    if known_facts.get("missing") != "rate" or not hit or len(units) != 1:
        return
    amount = money_value(hit["money"])
    if amount and not reading.rates and not reading.counts:
        reading.sums, reading.unread = [], []
        reading.rates = [WageRate(units.pop(), amount, *hit.span("money"))]


def _is_requested(text: str, known: Ledger, ledger: Ledger, states_work: bool) -> bool:
    """Tell whether a message asks for the sum, begins it, or puts right what it rests on."""
    if _PATTERNS["beyond_wages"].search(text) or _PATTERNS["both"].search(text):
        return False
    if _PATTERNS["of_contributions"].search(text):
        return False
    if _PATTERNS["holiday"].search(text) and not _PATTERNS["owing"].search(text):
        return False
    if not ledger.items or is_question_of_rule(text):
        return False
    asks = asks_amount(text)
    is_changed = known != ledger
    if known.items:
        corrects = _PATTERNS["correction"].search(text) or _PATTERNS["addition"].search(text)
        completes = _is_computable(ledger) and not _is_computable(known)
        concerns = is_changed or _PATTERNS["concerns_sum"].search(text)
        tells = corrects or completes or len(text) <= _MAX_BARE_FIGURES
        return bool((asks and concerns) or (is_changed and tells))
    if not (asks and states_work):
        return False
    if _PATTERNS["overtime"].search(text) and "时" not in ledger.rates:
        return False  # by the rules of overtime
    if _PATTERNS["owing"].search(text) or ledger.payments or ledger.offer is not None:
        return True
    if _PATTERNS["overtime"].search(text):
        return False
    by_work = any(item.unit != "月" and ledger.rate_of(item) for item in ledger.items)
    return by_work and bool(ledger.is_owing or _PATTERNS["claim"].search(text))


def _is_computable(ledger: Ledger) -> bool:
    return bool(ledger.items) and all(_due(ledger, item, Decimal(1)) for item in ledger.items)


@dataclass(frozen=True)
class _Part:
    """A part of what is owed: how it is worked out, and its amount."""

    formula: str
    due: Decimal


def arrears(facts: Facts, rules: formulas.Rules, texts: Texts) -> CalculationResult:
    """Work out what is owed, or ask for the one thing that is missing."""
    name = facts.get("of") or ""
    content = (facts.get("other") or {}).get("ledger") if name else facts.get("ledger")
    ledger = Ledger.from_dict(content)
    question = _question(ledger, facts)
    if question:
        return question
    parts = list(_parts(ledger, rules["calc_pay_days"]))
    lines, total = _sum_lines(ledger, parts)
    if name:
        lines[0] = _SAY("of_other", name=name, line=lines[0])
    lines += _lines_beside(ledger, total)
    if facts.get("is_repeated"):
        return CalculationResult(lines, USED)
    if total > 0:
        lines.append(_surcharge(total, rules, texts))
    return CalculationResult(
        lines,
        USED,
        assumes=_SAY("assumptions"),
        next_step=_SAY("next_step"),
        amounts={WHOLE: total},
    )


def _question(ledger: Ledger, facts: Facts) -> CalculationResult | None:
    """Return the question for what is missing or not certain; None where nothing is."""
    if facts.get("unclear"):
        ask = _SAY("ask_meaning", words=facts["unclear"][0])
        return CalculationResult([], USED, missing="meaning", ask=ask)
    if not ledger.items:
        return CalculationResult(
            [_SAY("no_length")], USED, missing="length", ask=_SAY("ask_length")
        )
    for item in ledger.items:
        if _due(ledger, item, Decimal(1)) is not None:
            continue
        line = _SAY("length", quantity="、".join(_quantity(item) for item in ledger.items))
        if item.unit == "月" and "天" in ledger.rates:
            ask = _SAY("ask_days", rate=_yuan(ledger.rates["天"]))
            return CalculationResult([line], USED, missing="length", ask=ask)
        unit = {"月": "个月", "时": "小时"}.get(item.unit, item.word or item.unit)
        return CalculationResult([line], USED, missing="rate", ask=_SAY("ask_rate", unit=unit))
    return None


def _due(ledger: Ledger, item: WorkItem, pay_days: Decimal) -> Decimal | None:
    """Return what an item comes to; None while its rate is not known."""
    if item.amount is not None:
        return Decimal(str(item.amount))
    rate = ledger.rate_of(item)
    count = Decimal(str(item.count))
    if rate is not None:
        return Decimal(str(rate)) * count
    if item.unit == "天" and "月" in ledger.rates:
        return Decimal(str(ledger.rates["月"])) / pay_days * count
    return None


def _parts(ledger: Ledger, pay_days: Decimal) -> Iterator[_Part]:
    """Yield what is owed, work of one rate together."""
    amounts = [item for item in ledger.items if item.amount is not None]
    if amounts:
        due = sum((Decimal(str(item.amount)) for item in amounts), Decimal(0))
        yield _Part(" + ".join(_yuan(item.amount or 0) for item in amounts), due)
    groups: dict[tuple[str, float | None], list[WorkItem]] = {}
    for item in ledger.items:
        if item.amount is None:
            groups.setdefault((item.unit, ledger.rate_of(item)), []).append(item)
    for (_, rate), items in groups.items():
        due = sum((_due(ledger, item, pay_days) or Decimal(0) for item in items), Decimal(0))
        quantity = " + ".join(_quantity(item) for item in items)
        if len(items) > 1:
            total = WorkItem(items[0].unit, sum(item.count for item in items), word=items[0].word)
            quantity = f"（{quantity} = {_quantity(total)}）"
        if rate is None:
            pay = f"{_yuan(ledger.rates['月'])} ÷ {format_number(pay_days)}"
            yield _Part(f"{quantity} × {pay}", formulas.yuan(due))
        else:
            yield _Part(f"{quantity} × {_yuan(rate)}", formulas.yuan(due))


def _sum_lines(ledger: Ledger, parts: list[_Part]) -> tuple[list[str], Decimal]:
    """Return the lines of the sum, and what is still owed."""
    wages = sum((part.due for part in parts), Decimal(0))
    formula = " + ".join(part.formula for part in parts)
    taken = [entry for entry in ledger.deductions if not entry.is_claimed]
    rest = [*_signed("+", ledger.extras), *_signed("−", [*taken, *ledger.payments])]
    total = wages + _total(ledger.extras) - _total(taken) - _total(ledger.payments)
    people = Decimal(str(ledger.people))
    is_chain = len(parts) == 1 and not ledger.extras and people == 1
    if is_chain and rest:
        lines = [_SAY("owed_wages", sum=" ".join([formula, *rest]), total=money(total))]
    else:
        is_trivial = formula == money(wages)
        lines = [_SAY("sum_told" if is_trivial else "owed_wages", sum=formula, total=money(wages))]
        if rest:
            lines.append(_SAY("chain", sum=" ".join([money(wages), *rest]), total=money(total)))
    if people > 1:
        lines.append(
            _SAY("people", people=format_number(people), each=money(total),
                 total=money(total * people))
        )  # fmt: skip
        total *= people
    if total < 0:
        lines.append(_SAY("paid_more", more=money(-total)))
    return lines, total


def _lines_beside(ledger: Ledger, total: Decimal) -> list[str]:
    """Say what is left by what the employer wants to take off, offers, or has written."""
    lines = []
    claimed = [entry for entry in ledger.deductions if entry.is_claimed]
    if claimed:
        amount = _total(claimed)
        names = " + ".join(f"{entry.name}{_yuan(entry.amount)}" for entry in claimed)
        lines.append(_SAY("claimed", deductions=names, total=money(total - amount)))
    if ledger.offer is not None:
        offer = Decimal(str(ledger.offer))
        key = "offer_short" if offer < total else "offer_enough"
        lines.append(_SAY(key, offer=money(offer), rest=money(abs(total - offer))))
    if ledger.iou is not None:
        written = Decimal(str(ledger.iou))
        key = "iou_short" if written < total else "iou_more"
        lines.append(_SAY(key, written=money(written), rest=money(abs(total - written))))
    return lines


def _surcharge(total: Decimal, rules: formulas.Rules, texts: Texts) -> str:
    low, high = (formulas.yuan(total * rules[name] / 100) for name in ("extra_low", "extra_high"))
    return _SAY(
        "surcharge", rate_low=texts["extra_low"], rate_high=texts["extra_high"], low=money(low),
        high=money(high),
    )  # fmt: skip


def _total(entries: Sequence[Entry]) -> Decimal:
    return sum((Decimal(str(entry.amount)) for entry in entries), Decimal(0))


def _signed(sign: str, entries: Sequence[Entry]) -> list[str]:
    unnamed = _SAY("deducted")
    return [f"{sign} {entry.name or unnamed}{_yuan(entry.amount)}" for entry in entries]


def _yuan(amount: float) -> str:
    return money(Decimal(str(amount)))


def _quantity(item: WorkItem) -> str:
    if item.amount is not None:
        return _yuan(item.amount)
    word = item.word or {"月": "个月", "时": "小时"}.get(item.unit, item.unit)
    return f"{format_number(Decimal(str(item.count)))}{word}"
