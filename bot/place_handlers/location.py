"""The place that a message is about: named, shared as a position, shown before, or known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.place_handlers.listing import ListedPlaces
from bot.places.addresses import districts_within, region_of_address
from bot.places.coordinates import Point, from_gcj
from bot.places.find import Place
from bot.settings import settings
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.text.text_span import TextSpan
from bot.turns.turn import Turn
from bot.understanding.place_questions import shared_point
from bot.vocabulary.streets import street_reader
from bot.vocabulary.vocabulary import vocabulary

_BARE_PLACE = patterns("message_choices")["bare_place"]


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
    earlier = ListedPlaces.earlier(turn)
    known_region = (
        (listing.region if listing else None)
        or turn.previous.region_code
        or (earlier.region if earlier else None)
    )
    point = Point(*listing.point) if listing and listing.point else None
    shared = shared_point(normalise(turn.text).text)
    if shared is not None:
        region_entities = [e for e in turn.of_kind("region") if e["value"]]
        region = str(region_entities[-1]["value"]) if region_entities else None
        return MentionedPlace(Place(region, from_gcj(*shared)), fresh=True)
    regions = named_regions(turn)
    of_street = _street_mentioned(turn, regions, known_region)
    if of_street is not None:
        return of_street
    if not regions:
        return MentionedPlace(Place(known_region if _is_home(known_region) else None, point))
    last = regions[-1]
    if last["value"]:
        code = str(last["value"])
        return MentionedPlace(Place(code), fresh=True)
    codes = tuple(str(candidate) for candidate in last["codes"])
    inside = _of_city(codes, known_region)
    if len(inside) == 1:
        return MentionedPlace(Place(inside[0]), fresh=True)
    return MentionedPlace(Place(), last["text"], codes, fresh=True)


def named_regions(turn: Turn) -> list[dict[str, Any]]:
    """Return the regions that a message names; the name within a street's is none of them."""
    streets = [span.text for span in _streets(turn)]
    return [
        entity
        for entity in turn.of_kind("region")
        if not entity.get("negated") and not any(entity["text"] in street for street in streets)
    ]


def names_place(turn: Turn) -> bool:
    """Tell whether a message names a region or a street."""
    return bool(named_regions(turn) or _streets(turn))


def is_bare_place(turn: Turn) -> bool:
    """Tell whether a message is a place and no more: 那大连呢, 兴华街道的."""
    remainder = turn.text
    for named in [e["text"] for e in turn.of_kind("region")] + [s.text for s in _streets(turn)]:
        remainder = remainder.replace(named, "")
    return bool(_BARE_PLACE.fullmatch(remainder))


def _streets(turn: Turn) -> list[TextSpan[tuple[str, ...]]]:
    return street_reader().read(normalise(turn.text).text)


def _street_mentioned(
    turn: Turn, regions: Sequence[dict[str, Any]], known_region: str | None
) -> MentionedPlace | None:
    """Return the district of the street that a message names; None where none is named.

    A district that is named beside it counts; of streets of one name those of the place named, or
    of the city spoken of.
    """
    spans = _streets(turn)
    of_address = region_of_address(normalise(turn.text).text) if spans else None
    if is_district(of_address):
        return MentionedPlace(Place(of_address), fresh=True)
    if not spans or any(is_district(entity["value"]) for entity in regions):
        return None
    last = regions[-1] if regions else None
    outer = [last["value"]] if last and last["value"] else list(last["codes"]) if last else []
    districts = districts_within(spans[0].value, outer)
    if not outer:
        districts = _of_city(districts, known_region) or districts
    if not districts:
        return None
    if len(districts) == 1:
        return MentionedPlace(Place(districts[0]), fresh=True)
    return MentionedPlace(Place(), spans[0].text, districts, fresh=True)


def _of_city(codes: tuple[str, ...], region: str | None) -> tuple[str, ...]:
    """Return those regions that lie in the city of another one; empty where that is not known."""
    city = vocabulary().city_of(region) if region else None
    return districts_within(codes, [city]) if city else ()


def is_elsewhere(mention: MentionedPlace) -> bool:
    """Tell whether a place lies outside of the province served."""
    return mention.place.region is not None and not _is_home(mention.place.region)


def _is_home(code: str | None) -> bool:
    return bool(code) and str(code)[:2] == settings().home_region[:2]


def is_district(code: str | None) -> bool:
    """Tell whether a region is a district or county."""
    return bool(code) and vocabulary().regions[str(code)].level == 3
