"""For whom a conversation is: oneself or another person, each with what was told of him.

换成我媳妇，她52了: from here on age, schooling and group are hers; 那我自己呢 brings back
one's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.seekers.profile import Entity
from bot.text.people import SELF

#: Slots that belong to a person, not to the conversation.
PERSONAL = (
    "age", "education", "experience_years", "group", "contribution_months", "facts", "eligibility",
    "past_occupation",
)  # fmt: skip
#: Slots of the job that a person wants; another person wants another one, unless it is a swap.
WANTED = (
    "occupation", "any_occupation", "salary_min", "salary_max", "work_time", "excluded",
    "welfare",
)  # fmt: skip
#: Slots of where he wants it.
PLACE = ("region", "region_code", "also_regions")
_SWAP = re.compile(r"换|^那|呢|要是|如果")


def switch(text: str, entities: Sequence[Entity], slots: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slots that change when a message turns to another person; else none."""
    named = [str(entity["value"]) for entity in entities if entity["entity"] == "person"]
    now = str(slots.get("person") or SELF)
    if not named or named[-1] == now:
        return {}
    people = dict(slots.get("people") or {})
    told = {name: slots.get(name) for name in (*PERSONAL, *WANTED, *PLACE)}
    if any(value not in (None, []) for value in told.values()):
        people[now] = told
    back = people.get(named[-1])
    changes: dict[str, Any] = {"person": named[-1], "people": people or None}
    changes |= {name: (back or {}).get(name) for name in PERSONAL}
    if back is not None:
        changes |= _wanted_before(back, text)
    elif not _SWAP.search(text):
        changes |= dict.fromkeys(WANTED)
        if named[-1] == SELF:
            changes |= dict.fromkeys(PLACE)
    return changes


def _wanted_before(back: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Return what a person wanted when he was spoken of before; nothing of the other one's.

    Who wanted nothing yet takes over what was looked for where the search is swapped to him.
    """
    wanted = {name: back.get(name) for name in WANTED}
    if not any(wanted.values()) and _SWAP.search(text):
        return {}
    place = {name: back.get(name) for name in PLACE}
    return {**wanted, **place}
