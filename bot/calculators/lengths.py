"""Filter of length entities: a length that lasted, not the 一个月 of a rate (一个月4200)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.text.pattern_file import patterns

Entity = Mapping[str, Any]

_PATTERNS = patterns("calculator_lengths")


def lengths(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the lengths of a message that something lasted, in the order of the entities."""
    return [
        entity
        for entity in entities
        if entity.get("entity", "duration") == "duration"
        and not _is_rate(text, entity)
        and not _PATTERNS["denied_length"].search(text[: int(entity["start"])])
    ]


def is_offered(text: str, length: Entity) -> bool:
    """Tell whether a length counts months of pay that are offered."""
    return bool(_PATTERNS["offer_before_length"].search(text[: int(length["start"])]))


def is_of_work(text: str, length: Entity) -> bool:
    """Tell whether a length may be one of work: not that of a pregnancy, not one to come."""
    preceding, following = text[: int(length["start"])], text[int(length["end"]) :]
    end_follows = _PATTERNS["end_after_length"].match(following)
    is_to_come = _PATTERNS["remaining_time"].search(preceding) and end_follows
    return not (_PATTERNS["other_than_work"].search(preceding) or is_to_come)


def _is_rate(text: str, length: Entity) -> bool:
    start, end = int(length["start"]), int(length["end"])
    if not _PATTERNS["one_month"].fullmatch(text[start:end]):
        return False
    if _PATTERNS["rate_before_month"].search(text[:start]):
        return True
    if _PATTERNS["work_before_length"].search(text[:start]):
        return False
    return bool(_PATTERNS["rate_after_month"].match(text[end:]))
