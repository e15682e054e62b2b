import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.sanitise import HEAD_CHARS, TAIL_CHARS, clean


@given(st.text(max_size=3000))
def test_no_text_becomes_an_intent_or_grows(text: str) -> None:
    cleaned = clean(text)
    assert not cleaned.startswith("/")
    assert len(cleaned) <= HEAD_CHARS + TAIL_CHARS + 1


@pytest.mark.parametrize(
    "typed", ["/restart", " / restart", "／restart", "//restart", "\u200b/restart", "\\/restart"]
)
def test_a_leading_slash_is_taken_off(typed: str) -> None:
    assert clean(typed) == "restart"


def test_a_slash_within_a_text_stays() -> None:
    assert clean("8-10k/月") == "8-10k/月"


@pytest.mark.parametrize("given_value", [None, 5, {"text": "x"}, ["x"], b"x"])
def test_what_is_no_text_is_empty(given_value: object) -> None:
    assert clean(given_value) == ""


def test_a_long_story_keeps_its_beginning_and_the_question_at_its_end() -> None:
    story = "我在厂里干了二十年，" + "说来话长" * 5000 + "能领失业金吗"
    cleaned = clean(story)
    assert cleaned.startswith("我在厂里")
    assert cleaned.endswith("能领失业金吗")


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert clean("找工作\ud83d") == "找工作"
