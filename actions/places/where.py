"""Where somebody is or asks about: named in the message, shared, shown before, or known."""

from __future__ import annotations

from dataclasses import dataclass

from actions.places.memory import ListedPlaces
from actions.turn import Turn
from bot.places.coordinates import Point, from_gcj
from bot.places.find import Place
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.place_questions import shared_point
from bot.text.vocabulary import vocabulary


@dataclass(frozen=True)
class Named:
    """The place that a message means."""

    place: Place
    said: str = ""
    """The words, when several places have that name."""
    codes: tuple[str, ...] = ()
    """Those places; empty when it is certain."""
    fresh: bool = False
    """Whether the message itself names it."""


def named_place(turn: Turn, shown: ListedPlaces | None) -> Named:
    """Return the place meant; of several of one name that of the city spoken of."""
    known = (shown.region if shown else None) or turn.slots.get("region_code")
    point = Point(*shown.point) if shown and shown.point else None
    shared = shared_point(normalise(turn.text).text)
    if shared is not None:
        named = [e for e in turn.of_kind("region") if e["value"]]
        region = str(named[-1]["value"]) if named else None
        return Named(Place(region, from_gcj(*shared)), fresh=True)
    regions = [e for e in turn.of_kind("region") if not e.get("negated")]
    if not regions:
        return Named(Place(known if _is_home(known) else None, point))
    last = regions[-1]
    if last["value"]:
        code = str(last["value"])
        return Named(Place(code), fresh=True)
    codes = tuple(str(one) for one in last["codes"])
    city = vocabulary().city_of(known) if known else None
    inside = tuple(one for one in codes if city and vocabulary().is_within(one, city))
    if len(inside) == 1:
        return Named(Place(inside[0]), fresh=True)
    return Named(Place(), last["text"], codes, fresh=True)


def is_elsewhere(named: Named) -> bool:
    """Tell whether a place lies outside of the province served."""
    return named.place.region is not None and not _is_home(named.place.region)


def _is_home(code: str | None) -> bool:
    return bool(code) and str(code)[:2] == settings().home_region[:2]


def is_district(code: str | None) -> bool:
    """Tell whether a region is a district or county."""
    return bool(code) and vocabulary().regions[str(code)].level == 3
