"""Places in other provinces that a person only was in: 在河北做过两年 wishes for no work there.

The pattern stands in data/vocab/elsewhere.yml. In the home province, a former place of work is
still the best guess of a person's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import read_patterns

Entity = dict[str, Any]

#: Stands in the pattern for the place.
PLACE_MARK = "\ue000"
#: Characters that are looked at before and after a place.
_CHARS_BEFORE, _CHARS_AFTER = 4, 16


def with_past_places(text: str, entities: Sequence[Entity]) -> list[Entity]:
    """Return the entities of a message; a place elsewhere that is only past is marked so."""
    return [{**entity, "past": True} if _is_past(text, entity) else entity for entity in entities]


def _is_past(text: str, entity: Entity) -> bool:
    code = str(entity.get("value") or "")
    if entity["entity"] != "region" or not code or code[:2] == settings().home_region[:2]:
        return False
    start, end = int(entity["start"]), int(entity["end"])
    preceding = normalise(text[max(0, start - _CHARS_BEFORE) : start]).text
    following = normalise(text[end : end + _CHARS_AFTER]).text
    find = read_patterns(settings().data_file("vocab", "elsewhere.yml"))
    return bool(find["worked_there"].search(f"{preceding}{PLACE_MARK}{following}"))
