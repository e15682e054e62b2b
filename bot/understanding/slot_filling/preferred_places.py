"""Further places that will do for a job, and the first one of several.

沈阳抚顺都行 names two at once, 大连也行 adds one, 周边也可以 adds those around, 不去大连了 takes
one out, and 就沈阳 leaves one alone. Works on the entities of a message; knows no framework.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.text.pattern_file import patterns
from bot.understanding.slot_filling.profile import Entity
from bot.understanding.slot_filling.typed_slots import TypedSlots
from bot.vocabulary.vocabulary import vocabulary

_PATTERNS = patterns("places_wished")
#: A pause does not join the place where the person is to another one: 我在沈阳 大连有活吗.
_PAUSE = re.compile(r"^[\s,，]{1,99}$")


def fill_place_slots(
    text: str, entities: Sequence[Entity], slots: TypedSlots, region: str | None
) -> dict[str, Any]:
    """Return the region slots that a message changes in addition to the one region it names last.

    `region` is the code of the region that the message sets (None: it sets none).
    """
    mentions = [e for e in entities if e["entity"] == "region" and e["value"]]
    accepted = [e for e in mentions if not e.get("negated")]
    excluded = [str(e["value"]) for e in mentions if e.get("negated")]
    current, also = slots.region_code, slots.also_regions
    first = current
    if region:
        first, also = _first_and_further(text, accepted, current, also, region)
    places = [
        code for code in dict.fromkeys([first, *also]) if code and not _within(code, excluded)
    ]
    if first and _PATTERNS["around"].search(text):
        places += [code for code in _around(str(first)) if not _within(code, [*places, *excluded])]
    return _changes(places, slots.also_regions, region or current)


def _first_and_further(
    text: str, accepted: Sequence[Entity], current: str | None, also: list[str], region: str
) -> tuple[str, list[str]]:
    """Return the first place and the further ones after a message that names some."""
    codes = _last_list(text, accepted) if accepted else []
    if region not in codes:  # an open place (铁西) was settled by what is known
        return region, []
    if current and _adds(text, accepted, len(codes)):
        return current, [*also, *codes]
    return codes[0], codes[1:]


def _last_list(text: str, places: Sequence[Entity]) -> list[str]:
    """Return the codes of the places that stand side by side at the end: 我在铁岭 沈阳或抚顺."""
    codes = [str(places[-1]["value"])]
    for earlier, later in zip(places[-2::-1], places[:0:-1], strict=True):
        between = text[earlier["end"] : later["start"]]
        apart = _PAUSE.match(between) and _PATTERNS["at_home"].search(text[: earlier["start"]])
        if apart or not _PATTERNS["list_joint"].match(between):
            break
        codes.insert(0, str(earlier["value"]))
    return list(dict.fromkeys(codes))


def _adds(text: str, places: Sequence[Entity], count: int) -> bool:
    """Tell whether the last `count` places are said to do as well."""
    first, last = places[-min(count, len(places))], places[-1]
    following, preceding = text[last["end"] :], text[: first["start"]]
    return bool(
        _PATTERNS["also_after"].match(following) or _PATTERNS["also_before"].search(preceding)
    )


def _around(code: str) -> Sequence[str]:
    """Return the cities around a city; around a district its whole city."""
    words = vocabulary()
    city = words.city_of(code)
    return [city] if city and city != code else words.neighbours(code)


def _within(code: str, places: Sequence[str]) -> bool:
    return any(vocabulary().is_within(code, place) for place in places)


def _changes(places: list[str], current_also: list[str], region: str | None) -> dict[str, Any]:
    """Return the slots that make `places` the wish, where `region` is its place otherwise."""
    first, also = (places[0], places[1:]) if places else (None, [])
    changes: dict[str, Any] = {}
    if first != region:
        name = vocabulary().name(first) if first else None
        changes |= {"region": name, "region_code": first}
    if also != current_also:
        changes["also_regions"] = also or None
    return changes
