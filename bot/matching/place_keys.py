"""Places of a preference and their surroundings, as keys of the match index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.matching.job_preference import JobPreference
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary


@dataclass(frozen=True)
class PlaceKey:
    """One key of match_keys to look under."""

    key: str
    """A city; a province for postings without a known city."""
    regions: tuple[str, ...] | None = None
    """Only these regions of the city; None for all that stands under the key."""


def preferred_places(preference: JobPreference) -> tuple[PlaceKey, ...]:
    """Return the places of a preference; without any, the region of this installation."""
    return _merged(
        p for code in preference.places or (settings().home_region,) for p in _places_of_code(code)
    )


def surrounding_places(preference: JobPreference) -> tuple[PlaceKey, ...]:
    """Return what lies around: the other districts of a city, or the neighbouring cities.

    For a district these include the postings that name only its city.
    """
    words, nearby = vocabulary(), list[PlaceKey]()
    for code in preference.places:
        city = words.city_of(code)
        if city and city != code:
            nearby.append(PlaceKey(city, (city,)))
        nearby += (place for other in words.neighbours(code) for place in _places_of_code(other))
    return _merged(nearby)


def _places_of_code(code: str) -> Iterable[PlaceKey]:
    words = vocabulary()
    yield PlaceKey(words.city_of(code) or code, (code,) if words.regions[code].level == 3 else None)
    if words.regions[code].level == 1:
        yield from (PlaceKey(city) for city in words.children(code))


def _merged(places: Iterable[PlaceKey]) -> tuple[PlaceKey, ...]:
    """Join the districts of one city into one key; a whole city swallows its districts."""
    regions_by_key: dict[str, tuple[str, ...] | None] = {}
    for place in places:
        merged_regions = regions_by_key.get(place.key, ())
        if merged_regions is None or place.regions is None:
            regions_by_key[place.key] = None
        else:
            regions_by_key[place.key] = tuple(dict.fromkeys([*merged_regions, *place.regions]))
    return tuple(PlaceKey(key, regions) for key, regions in regions_by_key.items())
