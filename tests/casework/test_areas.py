"""Codes and names of areas."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from bot.casework import areas


@pytest.mark.parametrize(
    ("code", "area"), [("210000", "21"), ("210100", "2101"), ("210106", "210106")]
)
def test_a_region_is_an_area_and_back(code: str, area: str) -> None:
    assert areas.area_of_region(code) == area
    assert areas.region_of_area(area) == code
    assert areas.region_of_area(f"{area}".ljust(12, "0")) == code


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("21", True), ("2101", True), ("210106", True), ("210106001", True), ("210106001002", True),
     ("2", False), ("210", False), ("2101060010", False), ("21a1", False), ("", False)],
)  # fmt: skip
def test_the_form_of_a_code(text: str, is_one: bool) -> None:
    assert areas.is_area(text) == is_one


def test_an_area_lies_in_itself_and_in_what_it_begins_with() -> None:
    assert areas.lies_in("210106001", "210106")
    assert areas.lies_in("210106", "210106")
    assert not areas.lies_in("2101", "210106")
    assert areas.level_of("210106001002") == "community"


def test_streets_and_communities_have_their_place_and_new_names(words: Session) -> None:
    assert areas.add_locality(words, "210106901", "新街道")
    assert areas.add_locality(words, "210106901002", "新社区")
    assert not areas.add_locality(words, "210106901002", "新社区")
    assert areas.add_locality(words, "210106901002", "改名社区")
    assert areas.name_of(words, "210106901002") == "沈阳市铁西区新街道改名社区"
    assert areas.name_of(words, "210106901002", short=True) == "改名社区"
    assert ("210106901002", "改名社区") in areas.children(words, "210106901")
    assert areas.exists(words, "210106901")
    assert not areas.exists(words, "210106902")
    assert areas.names_of(words, {"210106999"}) == {"210106999": "210106999"}
