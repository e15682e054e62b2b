"""What makes reading fast leaves nothing out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.keyword_prefilter import KeywordPrefilter
from bot.text.normalise import _normalised, normalise
from bot.text.phrase_matcher import Gazetteer
from bot.understanding.extractors import work_time

_PIECES = st.lists(st.text("电焊工会计 java（）\n\x00", max_size=8), max_size=5)
_LETTERS = st.text("住宿费餐", min_size=1, max_size=4)


@pytest.mark.parametrize("name", sorted(work_time.NAMES))
@given(data=st.data())
def test_a_text_that_states_a_working_time_is_looked_at(name: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(work_time._PATTERNS[name]))
    assert work_time._PATTERNS["any_work_time"].search(text)


@given(st.one_of(st.text(max_size=12), st.text("招 保安\n8aＡ陞①㎡。", max_size=10)))
def test_a_text_has_one_normal_form_however_it_is_made(text: str) -> None:
    assert normalise(text) == _normalised(text)


@given(_PIECES)
def test_pieces_are_read_together_as_alone(pieces: list[str]) -> None:
    names = Gazetteer([(name, name) for name in ("电焊工", "焊工", "会计", "java")])
    assert names.find_in(pieces) == [names.find(piece) for piece in pieces]


@given(st.lists(_LETTERS, min_size=1, max_size=6, unique=True), st.text("住宿费餐x", max_size=12))
def test_every_plain_word_of_a_text_gives_its_key(words: list[str], text: str) -> None:
    found = KeywordPrefilter({word: [word] for word in words}).keys(text)
    assert {word for word in words if word in text} <= found
