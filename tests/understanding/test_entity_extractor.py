import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.entity_extractor import message_reader


def _kinds(text: str) -> dict[str, object]:
    return {e["entity"]: e["value"] for e in message_reader().read(text) if e["entity"] != "aspect"}


def test_entities_come_out_as_codes_and_yuan() -> None:
    read = _kinds("想在沈阳铁西找个打更的活 四千往上")
    assert read == {
        "region": "210106",
        "occupation": "保安员",
        "salary": {"min": 4000, "max": None},
    }


def test_a_find_stands_where_it_was_typed() -> None:
    typed = "我在沈陽　想找５０００的會計"
    for entity in message_reader().read(typed):
        if entity["entity"] == "region":
            assert typed[entity["start"] : entity["end"]] == "沈陽"


def test_what_shares_characters_is_one_thing() -> None:
    read = [e["entity"] for e in message_reader().read("今年52了干了二十年电工")]
    assert sorted(read) == ["age", "date", "duration", "experience", "occupation"]


@pytest.mark.parametrize(
    ("text", "group", "months"),
    [("当了八年兵", "veteran", 96), ("毕业两年没找着活", "graduate", 24)],
)
def test_years_that_tell_a_group_are_read_as_group_and_duration(
    text: str, group: str, months: int
) -> None:
    assert _kinds(text) == {"group": group, "duration": months}


@given(st.text(max_size=120))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for entity in message_reader().read(text):
        assert 0 <= entity["start"] <= entity["end"] <= len(text)


def test_a_very_long_text_is_read_in_seconds() -> None:
    began = time.perf_counter()
    message_reader().read("想在大连找个会计的活五千往上，" * 70)
    assert time.perf_counter() - began < 5
