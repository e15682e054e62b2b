"""The place that a message is about: named, shared as a position, shown before, or known."""

from __future__ import annotations

from dataclasses import dataclass

from bot.place_handlers.listing import ListedPlaces
from bot.places.coordinates import Point, from_gcj
from bot.places.find import Place
from bot.settings import settings
from bot.text.normalise import normalise
from bot.turns.turn import Turn
from bot.understanding.place_questions import shared_point
from bot.vocabulary.vocabulary import vocabulary


@dataclass(frozen=True)
class MentionedPlace:
    """The place that a message means."""

    place: Place
    name: str = ""
    """The words, when several places have that name."""
    codes: tuple[str, ...] = ()
    """Those places; empty when it is certain."""
    fresh: bool = False
    """True when the message itself names it."""


def mentioned_place(turn: Turn, listing: ListedPlaces | None) -> MentionedPlace:
    """Return the place meant; of several of one name that of the city spoken of."""
    known_region = (listing.region if listing else None) or turn.previous.region_code
    point = Point(*listing.point) if listing and listing.point else None
    shared = shared_point(normalise(turn.text).text)
    if shared is not None:
        region_entities = [e for e in turn.of_kind("region") if e["value"]]
        region = str(region_entities[-1]["value"]) if region_entities else None
        return MentionedPlace(Place(region, from_gcj(*shared)), fresh=True)
    regions = [e for e in turn.of_kind("region") if not e.get("negated")]
    if not regions:
        return MentionedPlace(Place(known_region if _is_home(known_region) else None, point))
    last = regions[-1]
    if last["value"]:
        code = str(last["value"])
        return MentionedPlace(Place(code), fresh=True)
    codes = tuple(str(candidate) for candidate in last["codes"])
    city = vocabulary().city_of(known_region) if known_region else None
    inside = tuple(
        candidate for candidate in codes if city and vocabulary().is_within(candidate, city)
    )
    if len(inside) == 1:
        return MentionedPlace(Place(inside[0]), fresh=True)
    return MentionedPlace(Place(), last["text"], codes, fresh=True)


def is_elsewhere(mention: MentionedPlace) -> bool:
    """Tell whether a place lies outside of the province served."""
    return mention.place.region is not None and not _is_home(mention.place.region)


def _is_home(code: str | None) -> bool:
    return bool(code) and str(code)[:2] == settings().home_region[:2]


def is_district(code: str | None) -> bool:
    """Tell whether a region is a district or county."""
    return bool(code) and vocabulary().regions[str(code)].level == 3
