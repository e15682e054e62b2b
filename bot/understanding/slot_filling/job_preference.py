"""Slot filling for the job preference, from a message in any order.

Works on typed slots and entities as plain values; knows no framework.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.understanding.extractors import benefits as welfare
from bot.understanding.extractors import conditions
from bot.understanding.slot_filling.preferred_places import fill_place_slots
from bot.understanding.slot_filling.profile import Entity, fill_profile_slots
from bot.understanding.slot_filling.typed_slots import TypedSlots
from bot.vocabulary.vocabulary import vocabulary

_PATTERNS = patterns("wishes")
#: By how much 工资高点 raises the wish.
RAISE_FACTOR = 1.2
#: More a month than any posting offers, in yuan; a sum beyond is none of a wish (私了给了5万).
_MAX_MONTHLY_PAY = 30_000


@dataclass(frozen=True)
class SlotUpdate:
    """Changes of the slots by a message, and the choices that it leaves open."""

    slots: dict[str, Any] = field(default_factory=dict)
    ambiguous: tuple[str, ...] = ()
    """Codes of the regions that a named place can be (铁西); empty when it is certain."""
    asks_raise: bool = False
    """True for 工资高点 when no pay was named before: ask how much."""


def fill_preference_slots(
    text: str, entities: Sequence[Entity], slots: TypedSlots, requested_slot: str | None
) -> SlotUpdate:
    """Return the slots that a message about a job fills."""
    entities = _without_home(text, entities)
    changes = fill_profile_slots(entities)
    ambiguous = _settle_region(entities, slots, changes)
    changes |= fill_place_slots(text, entities, slots, changes.get("region_code"))
    benefits, given_up = _wished_benefits(text, entities)
    changes |= _welfare(benefits, given_up, entities, slots)
    changes |= _pay(text, entities, requested_slot)
    changes |= _work_time(text, entities)
    ruled_out = _ruled_out(text, entities)
    if ruled_out:
        changes["excluded"] = list(dict.fromkeys([*slots.excluded, *ruled_out]))
        remaining = [trade for trade in slots.occupations if trade not in ruled_out]
        if remaining != slots.occupations and "occupation" not in changes:
            changes["occupation"] = remaining
    any_pay = "salary_min" in changes and changes["salary_min"] is None
    changes |= _as_before(text, slots, changes, requested_slot)
    if "occupation" in changes:
        changes["any_occupation"] = False
    elif requested_slot in (None, "occupation") and not slots.occupations and not any_pay:
        of_trade = _PATTERNS["of_trade"].search(text) or not (
            changes.get("also_regions") or given_up
        )
        if of_trade and _PATTERNS["anything"].search(text):
            changes["any_occupation"] = True
    wants_more = bool(_PATTERNS["more_pay"].search(text)) and "salary_min" not in changes
    if wants_more and slots.salary_min:
        changes |= {
            "salary_min": int(round(slots.salary_min * RAISE_FACTOR, -2)),
            "salary_max": None,
        }
    return SlotUpdate(changes, ambiguous, wants_more and not slots.salary_min)


def _without_home(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Leave out the place one is from where another is named: 抚顺沈阳都行 家里清原的."""
    places = [e for e in entities if e["entity"] == "region" and e["value"]]
    home = [e for e in places if _PATTERNS["home_before"].search(text[: int(e["start"])])]
    return [e for e in entities if e not in home] if len(home) < len(places) else list(entities)


def _as_before(
    text: str, slots: TypedSlots, changes: Mapping[str, Any], requested_slot: str | None
) -> dict[str, Any]:
    """Take 老本行 for the trade done so far; one that is to be changed is not asked for again."""
    past = slots.past_occupations
    if not past or "occupation" in changes:
        return {}
    if requested_slot == "occupation" and _PATTERNS["another_trade"].search(text):
        return {"past_occupation": None}
    open_ = not slots.occupations and not slots.any_occupation
    old = _PATTERNS["old_trade"].search(text) or (open_ and _PATTERNS["as_before"].search(text))
    return {"occupation": past} if old else {}


def _settle_region(
    entities: Sequence[Entity], slots: TypedSlots, changes: dict[str, Any]
) -> tuple[str, ...]:
    """Settle 铁西 by the place known, or settle an open 铁西 by the place named now."""
    words = vocabulary()
    waiting = slots.ambiguous_regions
    region_code = changes.get("region_code")
    if waiting and region_code:
        inside = [code for code in waiting if words.is_within(code, region_code)]
        if len(inside) == 1:
            _set_region(changes, inside[0])
        return ()
    for entity in entities:
        if entity["entity"] != "region" or entity["value"] or entity.get("negated"):
            continue
        codes = [str(code) for code in entity["codes"]]
        reference_region = region_code or slots.region_code
        city = words.city_of(reference_region) if reference_region else None
        nearby_codes = [code for code in codes if city and words.is_within(code, city)]
        if len(nearby_codes) == 1:
            _set_region(changes, nearby_codes[0])
            return ()
        return tuple(codes)
    return ()


def _set_region(changes: dict[str, Any], code: str) -> None:
    changes |= {"region": vocabulary().name(code), "region_code": code}


def _wished_benefits(text: str, entities: Sequence[Entity]) -> tuple[list[str], list[str]]:
    """Return what the job should offer or be, and what of that is given up."""
    read = normalise(text)
    positions = {place: number for number, place in reversed(list(enumerate(read.origin)))}
    places = [
        (positions[int(e["start"])], positions[int(e["start"])])
        for e in entities
        if e["entity"] == "region" and e["value"] and int(e["start"]) in positions
    ]
    benefits, without = welfare.wishes(read.text)
    qualities, given_up = conditions.wished_and_given_up(read.text, places)
    return [*benefits, *qualities], [*without, *given_up]


def _welfare(
    benefits: list[str],
    given_up: Sequence[str],
    entities: Sequence[Entity],
    slots: TypedSlots,
) -> dict[str, Any]:
    """Take what the job should offer (包住, 双休), less what is given up (双休无所谓)."""
    if any(entity["entity"] == "work_time" for entity in entities):
        # 日结 says when the work is, not how it is paid.
        benefits = [benefit for benefit in benefits if benefit != "weekly_pay"]
    previous = slots.welfare
    now = [benefit for benefit in dict.fromkeys([*previous, *benefits]) if benefit not in given_up]
    return {"welfare": now or None} if now != previous else {}


def _pay(text: str, entities: Sequence[Entity], requested_slot: str | None) -> dict[str, Any]:
    """Take the pay that is wished for; 多少钱都行 gives it up."""
    if _PATTERNS["any_pay"].search(text) or (
        requested_slot == "salary" and _PATTERNS["anything"].search(text)
    ):
        return {"salary_min": None, "salary_max": None}
    salaries = [entity["value"] for entity in entities if entity["entity"] == "salary"]
    if (
        salaries
        and (salaries[-1]["min"] or 0) > _MAX_MONTHLY_PAY
        and not _PATTERNS["pay_named"].search(text)
    ):
        return {}
    return (
        {"salary_min": salaries[-1]["min"], "salary_max": salaries[-1]["max"]} if salaries else {}
    )


def _work_time(text: str, entities: Sequence[Entity]) -> dict[str, Any]:
    """Take the working time that is wished for; not that of another person (我媳妇上夜班)."""
    work_times = [
        e
        for e in entities
        if e["entity"] == "work_time"
        and not e.get("negated")
        and not _PATTERNS["of_other_person"].search(text[: int(e["start"])])
    ]
    return {"work_time": work_times[0]["value"]} if work_times else {}


def _ruled_out(text: str, entities: Sequence[Entity]) -> list[str]:
    """Return the trades, times and places that a message rules out.

    不跑长途 is what the work should be like, and rules out no trade.
    """
    names: list[str] = []
    read = normalise(text)
    of_conditions = conditions.spans(read.text)
    for entity in entities:
        if not entity.get("negated"):
            continue
        if entity["entity"] == "occupation":
            position = (
                read.origin.index(int(entity["start"])) if entity["start"] in read.origin else -1
            )
            if any(start <= position < end for start, end in of_conditions):
                continue
            names += [entity["text"], *vocabulary().covered(entity["names"])]
        elif entity["entity"] == "work_time":
            names.append(entity["value"])
    return names
