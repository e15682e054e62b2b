"""Each person that a talk is for has slots of their own."""

from __future__ import annotations

from typing import Any

from bot.turns.slots import Slots
from bot.understanding.slot_filling.person_switch import switch_person

OWN = {"age": 30, "occupation": ["会计"], "region_code": "210100", "region": "沈阳市"}


def _switch(text: str, person: str, slots: dict[str, Any]) -> dict[str, Any]:
    return switch_person(text, [{"entity": "person", "value": person}], Slots(slots))


def test_who_is_spoken_of_already_changes_nothing() -> None:
    assert switch_person("今年52", [], Slots(OWN)) == {}
    assert _switch("我今年52", "self", OWN) == {}
    assert _switch("我媳妇52", "wife", {**OWN, "person": "wife"}) == {}


def test_another_person_has_no_age_and_no_trade_of_the_writers() -> None:
    changes = _switch("我媳妇也想找活", "wife", OWN)
    assert changes["person"] == "wife"
    assert changes["age"] is None
    assert changes["occupation"] is None
    assert "region_code" not in changes
    assert changes["people"]["self"]["age"] == 30


def test_the_writer_comes_back_with_their_own() -> None:
    changes = _switch("我媳妇也想找活", "wife", OWN)
    back = _switch("那我自己呢", "self", {**OWN, **changes, "age": 52})
    assert (back["person"], back["age"], back["occupation"]) == ("self", 30, ["会计"])
    assert back["people"]["wife"]["age"] == 52


def test_a_swap_keeps_the_search() -> None:
    changes = _switch("换成我媳妇", "wife", OWN)
    assert changes["age"] is None
    assert "occupation" not in changes
