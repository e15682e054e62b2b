import pytest

from bot.turns.slots import Slots
from bot.understanding.entity_extractor import message_reader
from bot.understanding.slot_filling.job_preference import fill_preference_slots

DALIAN = {"region": "大连市", "region_code": "210200"}


def _taken(text: str, slots: dict[str, object]) -> dict[str, object]:
    return fill_preference_slots(text, message_reader().read(text), Slots(slots), None).slots


def test_a_place_no_longer_wanted_is_cleared() -> None:
    assert _taken("不去大连了", DALIAN)["region_code"] is None


def test_a_district_goes_with_its_city() -> None:
    slots = {"region": "甘井子区", "region_code": "210211"}
    assert _taken("不去大连了", slots)["region_code"] is None


def test_another_place_takes_its_place() -> None:
    assert _taken("大连不去了 换鞍山", DALIAN)["region_code"] == "210300"


@pytest.mark.parametrize("slots", [{}, {"region": "鞍山市", "region_code": "210300"}])
def test_ruling_out_a_place_that_was_not_wished_changes_nothing(slots: dict[str, object]) -> None:
    assert "region_code" not in _taken("不去大连了", slots)
