"""Filter of length entities: a length that lasted, not the 一个月 of a rate (一个月4200)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.text.pattern_file import patterns

Entity = Mapping[str, Any]

_PATTERNS = patterns("calculator_lengths")
#: Pay is averaged over so many months (劳动合同法 47).
MONTHS_AVERAGED = 12


def lengths(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the lengths of a message that something lasted, in the order of the entities."""
    return [
        entity
        for entity in entities
        if entity.get("entity", "duration") == "duration"
        and not _is_rate(text, entity)
        and not _PATTERNS["denied_length"].search(text[: int(entity["start"])])
        and not _is_averaged(text, entity)
        and not is_notice(text, entity)
    ]


def is_notice(text: str, length: Entity) -> bool:
    """Tell whether a length is the month of pay in place of notice: 再加一个月."""
    start, end = int(length["start"]), int(length["end"])
    if not _PATTERNS["one_month"].fullmatch(text[start:end]):
        return False
    after = _PATTERNS["notice_after"].match(text[end:])
    return bool(after or _PATTERNS["notice_before"].search(text[:start]))


def further_months(text: str, entities: Sequence[Entity]) -> float | None:
    """Return for how many months more work might last: 要是再干五个月; None when it is not said."""
    further = [length for length in lengths(text, entities) if _is_further(text, length)]
    return float(further[0]["value"]) if further else None


def _is_further(text: str, length: Entity) -> bool:
    return bool(_PATTERNS["further_before"].search(text[: int(length["start"])]))


def _is_averaged(text: str, length: Entity) -> bool:
    """Tell whether a length is the time over which pay is averaged: 走之前12个月平均5000."""
    preceding, following = text[: int(length["start"])], text[int(length["end"]) :]
    if float(length["value"]) > MONTHS_AVERAGED:
        return False
    if _PATTERNS["averaged_before"].search(preceding):
        return bool(_PATTERNS["averaged_after"].match(following))
    return bool(_PATTERNS["mean_after"].match(following)) and not _PATTERNS[
        "work_before_length"
    ].search(preceding)


def is_offered(text: str, length: Entity) -> bool:
    """Tell whether a length counts months of pay that are offered."""
    return bool(_PATTERNS["offer_before_length"].search(text[: int(length["start"])]))


def is_of_work(text: str, length: Entity) -> bool:
    """Tell whether a length may be one of work: not that of a pregnancy, not one to come."""
    preceding, following = text[: int(length["start"])], text[int(length["end"]) :]
    end_follows = _PATTERNS["end_after_length"].match(following)
    is_to_come = _PATTERNS["remaining_time"].search(preceding) and end_follows
    if _PATTERNS["other_than_work"].search(preceding) or is_to_come or _is_further(text, length):
        return False
    worked = _PATTERNS["work_before_length"].search(preceding)
    return bool(worked) or not _PATTERNS["other_sum_after"].match(following)


def _is_rate(text: str, length: Entity) -> bool:
    start, end = int(length["start"]), int(length["end"])
    if not _PATTERNS["one_month"].fullmatch(text[start:end]):
        return False
    if _PATTERNS["rate_before_month"].search(text[:start]):
        return True
    if _PATTERNS["work_before_length"].search(text[:start]):
        return False
    return bool(_PATTERNS["rate_after_month"].match(text[end:]))
