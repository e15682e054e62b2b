"""Sounds of characters, as the north-east says them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.pinyin import MAX_POLYPHONES, all_sounds, flat, sounds, syllable


@pytest.mark.parametrize(
    ("one", "other"),
    [("失业经", "失业金"), ("补帖", "补贴"), ("创业带款", "创业贷款"), ("知", "资")],
)
def test_what_sounds_alike_is_the_same(one: str, other: str) -> None:
    assert sounds(one) == sounds(other)


def test_what_sounds_otherwise_is_not() -> None:
    assert sounds("保安") != sounds("保洁")


@pytest.mark.parametrize(
    ("reading", "plain"),
    [("zhǎng", "zan"), ("shēng", "sen"), ("ān", "an"), ("nǚ", "nu"), ("chī", "ci")],
)
def test_tone_retroflex_and_final_g_are_left_out(reading: str, plain: str) -> None:
    assert flat(reading) == plain


def test_what_is_no_character_stands_for_itself() -> None:
    assert syllable("a") == "a"
    assert sounds("A1") == "A1"


@given(st.text(max_size=20))
def test_a_text_keeps_its_length(text: str) -> None:
    assert len(sounds(text)) == len(text)


def test_a_name_is_read_in_every_way_until_there_are_too_many() -> None:
    assert sounds("快计") in all_sounds("会计")
    assert len(all_sounds("会计")) > 1
    assert all_sounds("会" * (MAX_POLYPHONES + 1)) == [sounds("会" * (MAX_POLYPHONES + 1))]
