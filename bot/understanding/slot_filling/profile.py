"""Profile slots that a message fills: place, age, schooling, group, the trade wanted.

Taken from the entities of a message, whatever the message asks; pay is not, since 5000 may
be a debt, a fine or a loan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.settings import settings
from bot.text.pattern_file import patterns
from bot.understanding.extractors.age import ages_of_subject
from bot.understanding.slot_filling.typed_slots import TypedSlots
from bot.vocabulary.vocabulary import vocabulary

Entity = Mapping[str, Any]

_PATTERNS = patterns("wishes")
#: Slots that one entity kind fills with its plain value.
_PLAIN = {
    "education": "education",
    "group": "group",
    "experience": "experience_years",
}


def fill_incidental_slots(
    text: str, entities: Sequence[Entity], slots: TypedSlots
) -> dict[str, Any]:
    """Return the slots that a message about something else than a job fills in passing.

    A trade counts only when it is wished for (我想干月嫂) or was done before: who asks about the
    insurance of riders does not look for a rider's job. A place in another province is the scene of
    a story (在内蒙干的活), not a place to live or look for work in. Years of work are
    experience only where a job is looked for: 干了六年给我辞了 asks for compensation.
    """
    relevant = [
        entity
        for entity in entities
        if entity["entity"] != "experience"
        and not _is_elsewhere(entity)
        and (
            entity["entity"] != "occupation"
            or entity.get("past")
            or _PATTERNS["wished_trade"].search(text[: entity["start"]])
        )
    ]
    changes = fill_profile_slots(relevant)
    if "region_code" in changes and slots.also_regions:
        changes["also_regions"] = None  # said with the place that was wished for before
    return changes


def _is_elsewhere(entity: Entity) -> bool:
    """Tell whether an entity is a place in another province."""
    region_code = entity["entity"] == "region" and entity.get("value")
    return bool(region_code) and str(entity["value"])[:2] != settings().home_region[:2]


def fill_profile_slots(entities: Sequence[Entity]) -> dict[str, Any]:
    """Return the slots that a message's entities fill; of several of a kind the last counts."""
    changes: dict[str, Any] = {}
    for kind, slot in _PLAIN.items():
        mentions = [e for e in entities if e["entity"] == kind and not e.get("negated")]
        if mentions:
            changes[slot] = mentions[-1]["value"]
    ages = ages_of_subject(entities)
    if ages:
        changes["age"] = ages[-1]
    changes |= fill_region_slots(entities)
    preferred, past = wanted_occupations(entities), past_occupations(entities)
    if preferred:
        changes["occupation"] = preferred
    elif past:
        changes["past_occupation"] = past
    return changes


def fill_region_slots(entities: Sequence[Entity]) -> dict[str, Any]:
    """Return region slots for the last place that is certain, not ruled out (不是沈阳) and not only
    one where somebody was (在河北做过两年).
    """
    places = [
        e
        for e in entities
        if e["entity"] == "region" and e["value"] and not (e.get("negated") or e.get("past"))
    ]
    if not places:
        return {}
    code = str(places[-1]["value"])
    return {"region": vocabulary().name(code), "region_code": code}


def wanted_occupations(entities: Sequence[Entity]) -> list[str]:
    """Return the trades a message names as wanted: neither ruled out nor former."""
    return _occupations(entity for entity in entities if not entity.get("past"))


def past_occupations(entities: Sequence[Entity]) -> list[str]:
    """Return the trades that a message names as done so far, and does not rule out."""
    return _occupations(entity for entity in entities if entity.get("past"))


def _occupations(entities: Iterable[Entity]) -> list[str]:
    mentions = (e for e in entities if e["entity"] == "occupation" and not e.get("negated"))
    return list(dict.fromkeys(name for entity in mentions for name in entity["names"]))


def place_outside_home(entities: Sequence[Entity], home: str) -> str | None:
    """Return the name of a place spoken of that lies in another province than `home`.

    None where a place at home is spoken of as well: 黑龙江人，想留沈阳.
    """
    places = [str(e["value"]) for e in entities if e["entity"] == "region" and e["value"]]
    outside_codes = [code for code in places if code[:2] != home[:2]]
    return (
        vocabulary().name(outside_codes[0])
        if outside_codes and len(outside_codes) == len(places)
        else None
    )
