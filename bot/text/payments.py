"""Sums that are no pay of one's own: fees, fines, loans, bills, benefits drawn, compensation
offered, and what somebody else earns.

The readers of pay (bot/text/money.py) take a sum for pay where nothing next to it says otherwise;
what is done with a message takes the words around it into account. The patterns stand in
data/vocab/payments.yml.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns
from bot.text.people import is_somebody_elses
from bot.text.sums import sums

Entity = dict[str, Any]

#: What stands in the patterns for the sum.
SUM_MARK = "\ue000"
#: So far before and behind a sum its words are looked at.
_FAR = 24


def is_payment(text: str, start: int, end: int) -> bool:
    """Tell whether the sum that stands there is paid out, owed, lost, drawn or offered: no pay."""
    patterns = read_patterns(settings().data / "vocab" / "payments.yml")
    before, behind = text[max(0, start - _FAR) : start], text[end : end + _FAR]
    return bool(patterns["payment"].search(f"{_read(before)}{SUM_MARK}{_read(behind)}"))


def _read(part: str) -> str:
    """Normalise a part of a message; the blanks at its ends, which end clauses, stay."""
    first, last = (" " * one.isspace() for one in (part[:1], part[-1:]))
    return f"{first}{normalise(part).text}{last}"


def with_own_pay(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities of a message; a sum taken for pay that is not one's own is an amount."""
    return [_amount(one) if _is_other_money(text, one) else one for one in entities]


def _is_other_money(text: str, entity: Entity) -> bool:
    start, end = int(entity["start"]), int(entity["end"])
    if entity["entity"] != "salary":
        return False
    return is_payment(text, start, end) or is_somebody_elses(text, start)


def _amount(pay: Entity) -> Entity:
    """Return a sum as the amount that was said, whatever it comes to by the month."""
    said = next((one.low for one in sums(normalise(str(pay["text"])).text)), None)
    return {**pay, "entity": "amount", "value": round(said or pay["value"]["min"] or 0)}
