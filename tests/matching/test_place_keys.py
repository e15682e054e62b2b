"""Places of a preference, and what lies around, as keys of the index."""

from __future__ import annotations

from bot.matching.job_preference import JobPreference
from bot.matching.place_keys import PlaceKey, preferred_places, surrounding_places


def _wish(*codes: str) -> JobPreference:
    return JobPreference(region_code=codes[0] if codes else None, also_regions=codes[1:])


def test_a_district_stands_under_its_city_and_a_city_swallows_its_districts() -> None:
    assert preferred_places(_wish("210106")) == (PlaceKey("210100", ("210106",)),)
    assert preferred_places(_wish("210106", "210102")) == (
        PlaceKey("210100", ("210106", "210102")),
    )
    assert preferred_places(_wish("210106", "210100")) == (PlaceKey("210100"),)


def test_a_province_is_its_own_key_and_those_of_its_cities() -> None:
    keys = [place.key for place in preferred_places(_wish("210000"))]
    assert keys[0] == "210000"
    assert {"210100", "210200"} <= set(keys)
    assert preferred_places(_wish()) == preferred_places(_wish("210000"))


def test_around_a_district_lie_its_city_and_the_other_districts_not_itself() -> None:
    (around,) = surrounding_places(_wish("210106"))
    assert around.key == "210100"
    assert around.regions is not None
    assert around.regions[0] == "210100"
    assert "210102" in around.regions
    assert "210106" not in around.regions


def test_around_a_city_lie_cities() -> None:
    keys = {place.key for place in surrounding_places(_wish("210100"))}
    assert "210400" in keys
    assert "210100" not in keys
    assert surrounding_places(_wish()) == ()
