"""Role of each sum in a message about wages: payment, further item, deduction, offer, debt.

A sum that its words do not explain is `unknown`: nothing is worked out from a message with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.text.pattern_file import patterns
from bot.wages_owed.reading import Count, Money, WageReading
from bot.wording import wording

Role = Literal[
    "payment", "total_payment", "offer", "iou", "owed", "extra", "deduction", "own_deduction",
    "month_rate", "foreign", "unknown",
]  # fmt: skip
_PATTERNS = patterns("calculator_arrears")
_SAY = wording("calculator_arrears")
#: Characters around a sum that are looked at.
_CONTEXT_CHARS = 20


@dataclass(frozen=True)
class RoledSum:
    """A sum with what it is."""

    role: Role
    money: Money
    name: str = ""
    """How a further item or a deduction is called."""
    is_claimed: bool = False
    """True where only the employer says so."""


def roles(reading: WageReading) -> list[RoledSum]:
    """Return the sums of a message with their roles, in their order."""
    roled: list[RoledSum] = []
    for money in reading.sums:
        last = roled[-1] if roled else None
        if last and last.money.end == money.start and last.role == "payment":
            roled.append(RoledSum("payment", money))  # 给我三千五千的两回
        else:
            roled.append(_roled(reading, money))
    return roled


def _roled(reading: WageReading, money: Money) -> RoledSum:
    text = reading.text
    begin = len(text[: money.start].rstrip())
    before, after = reading.clause_before(begin), text[money.end : money.end + _CONTEXT_CHARS]
    wide = text[max(0, money.start - _CONTEXT_CHARS) : money.start].rstrip()
    is_claimed = bool(_PATTERNS["employer_says"].search(wide))
    if _PATTERNS["foreign_debt"].search(wide) and not _PATTERNS["borrowed"].search(before):
        return RoledSum("foreign", money)
    if _is_directly_after_months(reading, begin):
        return RoledSum("month_rate", money)
    for role in ("iou", "offer", "total_payment", "payment"):
        if _PATTERNS[role].search(before):
            return RoledSum(role, money)  # type: ignore[arg-type]
    if _PATTERNS["payment_after"].match(after):
        return RoledSum("payment", money)
    if _PATTERNS["own_spending"].search(before):
        return RoledSum("unknown", money)
    if _PATTERNS["borrowed"].search(before) and _PATTERNS["taken_off"].search(text):
        return RoledSum("own_deduction", money)
    if _PATTERNS["to_be_refunded"].search(before) and _PATTERNS["refund"].search(text):
        return RoledSum("extra", money, _SAY("refund"))
    extra = _PATTERNS["extra"].search(before)
    if extra and _PATTERNS["by_month_too"].match(extra["name"]):
        is_unpaid = _PATTERNS["extra_unpaid"].search(before)
        return RoledSum("extra" if is_unpaid else "unknown", money, extra["name"])
    if extra:
        return RoledSum("extra", money, _name_of_extra(extra["name"]))
    return _deduction(reading, money, before, after, is_claimed) or RoledSum(
        "owed" if _PATTERNS["owed"].search(before) else "unknown", money
    )


def _deduction(
    reading: WageReading, money: Money, before: str, after: str, is_claimed: bool
) -> RoledSum | None:
    following = _PATTERNS["deduction_after"].match(after)
    preceding = _PATTERNS["deduction"].search(before)
    cost = _PATTERNS["cost_after_sum"].match(after)
    if not (following or preceding or (cost and _PATTERNS["taken_off"].search(reading.text))):
        return None
    named = [*_PATTERNS["cost_name"].finditer(before), *_PATTERNS["cost_name"].finditer(after[:6])]
    name = named[-1][0] if named else ""
    is_fine = _PATTERNS["fined"].search(before + name)
    return RoledSum("deduction", money, name, is_claimed or bool(is_fine))


def _name_of_extra(name: str) -> str:
    return _SAY("advanced") if name.startswith("垫") else name


def _is_directly_after_months(reading: WageReading, begin: int) -> bool:
    """Tell whether a sum follows a count of months at once: 前两个月4000."""
    return any(
        isinstance(token, Count) and token.unit == "月" and token.end == begin
        for token in reading.counts
    )
