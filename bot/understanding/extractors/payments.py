"""Sums that are not the writer's pay: fees, fines, loans, bills, benefits drawn, compensation
offered, the pay of other people.

The readers of pay (bot/understanding/extractors/salary.py) take a sum for pay unless the words
next to it say otherwise; this module looks at a wider context. No character of a trade before
a sum counts (医药代表5000以上 is a wish for pay). The patterns stand in data/vocab/payments.yml.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import Patterns, read_patterns
from bot.understanding.extractors import salary as money
from bot.understanding.extractors.persons import belongs_to_other_person
from bot.understanding.extractors.sums import sums

Entity = dict[str, Any]

#: Stand in the patterns for the sum, and for a trade.
SUM_MARK, TRADE_MARK = "\ue000", "\ue001"
#: Characters that are looked at before and after a sum.
_CONTEXT_CHARS = 24


def _patterns() -> Patterns:
    return read_patterns(settings().data_file("vocab", "payments.yml"))


def is_payment(text: str, start: int, end: int, entities: Sequence[Entity] = ()) -> bool:
    """Tell whether the sum that stands there is paid out, owed, lost, drawn or offered: no pay."""
    following = _normalised(text[end : end + _CONTEXT_CHARS])
    marked = f"{_preceding(text, start, entities)}{SUM_MARK}{following}"
    words = _patterns()
    if words["stays_pay"].search(marked):
        return False
    return bool(words["payment"].search(marked))


def _preceding(text: str, start: int, entities: Sequence[Entity]) -> str:
    """Return the text before a sum, its trades marked."""
    position = max(0, start - _CONTEXT_CHARS)
    parts = []
    for first, last in _trades(text, start, entities):
        if first >= position:
            parts.append(_normalised(text[position:first]) + TRADE_MARK)
            position = last
    parts.append(_normalised(text[position:start]))
    marked = f"{''.join(parts)}{SUM_MARK}"
    return _patterns()["trade"].sub(TRADE_MARK, marked).removesuffix(SUM_MARK)


def _trades(text: str, start: int, entities: Sequence[Entity]) -> list[tuple[int, int]]:
    """Return the spans of the trades before a sum, without overlaps."""
    spans: list[tuple[int, int]] = []
    for entity in sorted(entities, key=lambda e: (int(e["start"]), -int(e["end"]))):
        first, last = int(entity["start"]), int(entity["end"])
        if (
            entity["entity"] == "occupation"
            and last <= start
            and (not spans or first >= spans[-1][1])
        ):
            spans.append((first, last))
    return spans


def _normalised(part: str) -> str:
    """Normalise a part of a message; the blanks at its ends, which end clauses, stay."""
    first, last = (" " * edge.isspace() for edge in (part[:1], part[-1:]))
    return f"{first}{normalise(part).text}{last}"


def with_own_pay(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities of a message; a sum taken for pay that is not one's own is an amount, an
    amount that only the name of a trade makes one is pay.
    """
    return [_reclassified(text, entity, entities) for entity in entities]


def _reclassified(text: str, entity: Entity, entities: Sequence[Entity]) -> Entity:
    start, end = int(entity["start"]), int(entity["end"])
    if entity["entity"] == "amount":
        return _pay_after_trade(text, entity, entities) or entity
    if entity["entity"] != "salary":
        return entity
    other = is_payment(text, start, end, entities) or belongs_to_other_person(text, start)
    return _amount(entity) if other else entity


def _pay_after_trade(text: str, amount: Entity, entities: Sequence[Entity]) -> Entity | None:
    """Return the pay of 贷款专员5000以上, which was taken for an amount for 贷款; else None."""
    start = int(amount["start"])
    preceding = _preceding(text, start, entities)
    if not preceding.rstrip().endswith(TRADE_MARK) or is_payment(
        text, start, int(amount["end"]), entities
    ):
        return None
    marked = f"{preceding}{normalise(text[start:]).text}"
    pay = next((salary for salary in money.extract(marked) if salary.start == len(preceding)), None)
    if pay is None:
        return None
    end = start + pay.end - pay.start
    value = {name: asdict(pay.value)[name] for name in ("min", "max")}
    return {**amount, "entity": "salary", "end": end, "text": text[start:end], "value": value}


def _amount(pay: Entity) -> Entity:
    """Return a sum as the amount that was said, whatever it comes to by the month."""
    low = next((stated_sum.low for stated_sum in sums(normalise(str(pay["text"])).text)), None)
    return {**pay, "entity": "amount", "value": round(low or pay["value"]["min"] or 0)}
