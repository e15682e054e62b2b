"""Sums that an employer offers or has paid at once: no pay, and what a result is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors.payments import is_payment
from bot.understanding.extractors.persons import SELF

_PATTERNS = patterns("calculator_offers")
#: Yuan a month above which a sum is pay only where the words say so.
MAX_UNNAMED_PAY = 30_000
#: Characters that are looked at before and after a sum.
CONTEXT_CHARS = 24
#: Kinds of entities that are sums of money.
MONEY_KINDS = ("salary", "amount")


def offered(text: str, entities: Sequence[Mapping[str, Any]]) -> float | None:
    """Return the sum, in yuan, that a message says is offered or was paid at once."""
    sums = [entity for entity in entities if entity["entity"] in MONEY_KINDS]
    found = [_low(entity) for entity in sums if is_offer(text, entity)]
    return max(found, default=None)


def is_offer(text: str, entity: Mapping[str, Any]) -> bool:
    """Tell whether a sum is offered or was paid at once: 公司说给12万打包."""
    before, after = _around(text, entity)
    return bool(_PATTERNS["offer_before"].search(before)) and not _is_rate(before, after)


def is_no_pay(text: str, entity: Mapping[str, Any], entities: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether a sum taken for pay is none: offered, paid out, or too high to be a month's."""
    before, after = _around(text, entity)
    about_another = any(e["entity"] == "person" and e["value"] != SELF for e in entities)
    if not about_another and _PATTERNS["of_another"].search(before):
        return True
    if _is_rate(before, after) or _PATTERNS["of_a_year"].search(before):
        return False
    start, end = int(entity["start"]), int(entity["end"])
    if is_offer(text, entity) or is_payment(text, start, end, [dict(e) for e in entities]):
        return True
    return _low(entity) > MAX_UNNAMED_PAY and not _PATTERNS["of_a_month"].search(before)


def is_of_a_year(text: str, entity: Mapping[str, Any]) -> bool:
    """Tell whether a sum is the pay of a whole year: 近十二个月应发合计258,600元."""
    return bool(_PATTERNS["of_a_year"].search(_around(text, entity)[0]))


def _is_rate(before: str, after: str) -> bool:
    return bool(_PATTERNS["rate_before"].search(before) or _PATTERNS["rate_after"].match(after))


def _around(text: str, entity: Mapping[str, Any]) -> tuple[str, str]:
    start, end = int(entity["start"]), int(entity["end"])
    before, after = text[max(0, start - CONTEXT_CHARS) : start], text[end : end + CONTEXT_CHARS]
    return normalise(before).text, normalise(after).text


def _low(entity: Mapping[str, Any]) -> float:
    value = entity["value"]
    if isinstance(value, Mapping):
        return float(value.get("min") or value.get("max") or 0)
    return float(value)


def other_sums(text: str, entities: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return the sums of money of a message that are no rate of pay, in yuan, in its order."""
    sums = sorted(
        (entity for entity in entities if entity["entity"] in MONEY_KINDS),
        key=lambda entity: int(entity["start"]),
    )
    return [_low(entity) for entity in sums if not _is_rate(*_around(text, entity))]
