"""Switching of the person that a conversation is for, each with their own slots.

换成我媳妇，她52了: from here on age, schooling and group are hers; 那我自己呢 brings back the
writer's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.text.pattern_file import patterns
from bot.understanding.extractors.persons import SELF
from bot.understanding.slot_filling.profile import Entity
from bot.understanding.slot_filling.typed_slots import TypedSlots

#: Slots that belong to a person, not to the conversation.
PERSONAL_SLOTS = (
    "age", "education", "experience_years", "group", "contribution_months", "facts", "eligibility",
    "past_occupation",
)  # fmt: skip
#: Slots of the job that a person wants; another person wants another one, unless it is a swap.
PREFERENCE_SLOTS = (
    "occupation", "any_occupation", "salary_min", "salary_max", "work_time", "excluded",
    "welfare",
)  # fmt: skip
#: Slots of the place of that job.
PLACE_SLOTS = ("region", "region_code", "also_regions")
#: People who live where the writer lives: a place told of them is the writer's too.
SAME_HOUSEHOLD = ("wife", "husband")
_PATTERNS = patterns("people")


def switch_person(text: str, entities: Sequence[Entity], slots: TypedSlots) -> dict[str, Any]:
    """Return the slots that change when a message turns to another person; else none."""
    person_ids = [str(entity["value"]) for entity in entities if entity["entity"] == "person"]
    current = slots.person or SELF
    if not person_ids or person_ids[-1] == current:
        return {}
    people = dict(slots.people)
    profile = slots.subset((*PERSONAL_SLOTS, *PREFERENCE_SLOTS, *PLACE_SLOTS))
    if any(value not in (None, []) for value in profile.values()):
        people[current] = profile
    previous_profile = people.get(person_ids[-1])
    changes: dict[str, Any] = {"person": person_ids[-1], "people": people or None}
    changes |= {name: (previous_profile or {}).get(name) for name in PERSONAL_SLOTS}
    if previous_profile is not None:
        changes |= _previous_preference(previous_profile, text)
    elif not _PATTERNS["swaps_person"].search(text):
        changes |= dict.fromkeys(PREFERENCE_SLOTS)
        if person_ids[-1] == SELF and current not in SAME_HOUSEHOLD:
            changes |= dict.fromkeys(PLACE_SLOTS)
    return changes


def _previous_preference(profile: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return the job preference that a person had before; nothing of the other person's.

    A person without one takes over the search when it is swapped to them.
    """
    preference = {name: profile.get(name) for name in PREFERENCE_SLOTS}
    if not any(preference.values()) and _PATTERNS["swaps_person"].search(text):
        return {}
    place = {name: profile.get(name) for name in PLACE_SLOTS}
    return {**preference, **place}
