"""Places of other provinces where somebody only was: 在河北做过两年 wishes for no work there.

The pattern stands in data/vocab/elsewhere.yml. At home, where somebody worked is still the best
guess of where he is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns

Entity = dict[str, Any]

#: Stands in the pattern for the place; so far before and behind it is looked.
PLACE_MARK = "\ue000"
_BEFORE, _BEHIND = 4, 16


def with_past_places(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities of a message; a place away where one only was is marked as past."""
    return [{**entity, "past": True} if _is_past(text, entity) else entity for entity in entities]


def _is_past(text: str, entity: Entity) -> bool:
    code = str(entity.get("value") or "")
    if entity["entity"] != "region" or not code or code[:2] == settings().home_region[:2]:
        return False
    start, end = int(entity["start"]), int(entity["end"])
    preceding = normalise(text[max(0, start - _BEFORE) : start]).text
    following = normalise(text[end : end + _BEHIND]).text
    find = read_patterns(settings().data / "vocab" / "elsewhere.yml")
    return bool(find["worked_there"].search(f"{preceding}{PLACE_MARK}{following}"))
