from typing import Any

import pytest

from bot.turns.slots import Slots
from bot.understanding.entity_extractor import message_reader
from bot.understanding.slot_filling.job_preference import fill_preference_slots
from bot.understanding.slot_filling.profile import fill_incidental_slots

SHENYANG = {"region": "沈阳市", "region_code": "210100"}


def _places(text: str, slots: dict[str, Any]) -> list[str]:
    """Return the places of the wish after a message, the first one first."""
    update = fill_preference_slots(text, message_reader().read(text), Slots(slots), None)
    after = Slots({**slots, **update.slots})
    return [*([after.region_code] if after.region_code else []), *after.also_regions]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("沈阳抚顺都行 找个普工的活", ["210100", "210400"]),
        ("沈阳、铁岭或者抚顺的电工", ["210100", "211200", "210400"]),
        ("我在铁岭 沈阳或者抚顺的电工", ["210100", "210400"]),
        ("家在沈阳，大连有招保安的吗", ["210200"]),
        ("兴城市里或者绥中 有没有手工活", ["211481", "211421"]),
        ("海城那边和辽阳都行 保洁", ["210381", "211000"]),
        ("不是沈阳 是鞍山", ["210300"]),
        ("沈阳铁西招保安的", ["210106"]),
    ],
)
def test_several_places_may_be_wished_for_at_once(text: str, places: list[str]) -> None:
    assert _places(text, {}) == places


@pytest.mark.parametrize("text", ["大连也行", "大连那边也可以", "再加上大连"])
def test_a_further_place_is_added(text: str) -> None:
    assert _places(text, SHENYANG) == ["210100", "210200"]


def test_another_place_alone_takes_the_place_of_all() -> None:
    assert _places("那大连呢", {**SHENYANG, "also_regions": ["210400"]}) == ["210200"]
    assert _places("就沈阳", {**SHENYANG, "also_regions": ["210400"]}) == ["210100"]


def test_places_around_are_added_when_they_will_do() -> None:
    places = _places("周边也可以", SHENYANG)
    assert places[0] == "210100"
    assert {"210400", "210500"} <= set(places[1:])
    assert _places("附近的区也行", {"region": "铁西区", "region_code": "210106"}) == [
        "210106",
        "210100",
    ]
    assert _places("离家近点的", SHENYANG) == ["210100"]


def test_a_place_is_taken_out_again() -> None:
    both = {**SHENYANG, "also_regions": ["210200"]}
    assert _places("不去大连了", both) == ["210100"]
    assert _places("沈阳不去了", both) == ["210200"]
    assert _places("不去大连了", {"region": "大连市", "region_code": "210200"}) == []
    around = _places("周边也行 不去抚顺", SHENYANG)
    assert "210400" not in around
    assert "210500" in around


def test_what_says_nothing_of_places_leaves_them() -> None:
    both = {**SHENYANG, "also_regions": ["210200"]}
    assert _places("工资高点的", both) == ["210100", "210200"]


def test_a_place_named_for_something_else_stands_alone() -> None:
    text = "大连失业登记咋办"
    taken = fill_incidental_slots(
        text, message_reader().read(text), Slots({**SHENYANG, "also_regions": ["210400"]})
    )
    assert (taken["region_code"], taken["also_regions"]) == ("210200", None)
