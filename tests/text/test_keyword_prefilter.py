"""What makes reading fast leaves nothing out."""

from hypothesis import given
from hypothesis import strategies as st

from bot.text.keyword_prefilter import KeywordPrefilter
from bot.text.normalise import _by_character, normalise

_LETTERS = st.text("住宿费餐", min_size=1, max_size=4)


@given(st.one_of(st.text(max_size=12), st.text("招 保安\n8aＡ陞①㎡。", max_size=10)))
def test_a_text_has_one_normal_form_however_it_is_made(text: str) -> None:
    assert normalise(text) == _by_character(text)


@given(st.lists(_LETTERS, min_size=1, max_size=6, unique=True), st.text("住宿费餐x", max_size=12))
def test_every_plain_word_of_a_text_gives_its_key(words: list[str], text: str) -> None:
    found = KeywordPrefilter({word: [word] for word in words}).keys(text)
    assert {word for word in words if word in text} <= found
