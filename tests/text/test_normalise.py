import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "text"),
    {"頭暈怎麼辦": "头晕怎么办", "５０００元": "5000元", "Java": "java", "哈哈哈哈哈": "哈哈", "50000": "50000",
     "找　工作": "找 工作", "😀找工作😀": "找工作", "找\u200b工作": "找工作", "！！！！": "!!", "  ": ""}.items(),
)  # fmt: skip
def test_all_that_people_type_gets_one_form(typed: str, text: str) -> None:
    assert normalise(typed).text == text


def test_what_is_read_is_shown_in_the_words_that_were_typed() -> None:
    typed = "我在😀😀沈陽　找工作"
    read = normalise(typed)
    start = read.text.index("沈阳")
    a, b = read.original_span(start, start + 2)
    assert typed[a:b] == "沈陽"


@given(st.text(max_size=300))
def test_every_character_knows_where_it_stood(typed: str) -> None:
    read = normalise(typed)
    assert len(read.origin) == len(read.text) + 1
    assert list(read.origin) == sorted(read.origin)
    assert read.origin[-1] == len(typed)


def test_a_long_text_takes_time_in_proportion() -> None:
    normalise("a")

    def seconds(text: str) -> float:
        began = time.process_time()
        normalise(text)
        return time.process_time() - began

    short = min(seconds("找工作啊" * 1000) for _ in range(5))
    long = min(seconds("找工作啊" * 10_000) for _ in range(3))
    assert long < short * 40


def test_characters_typed_one_by_one_are_put_together_and_know_where_they_stood() -> None:
    read = normalise("我 想 找 保　安")
    assert read.text == "我想找保安"
    assert read.original_span(3, 5) == (6, 9)
    assert normalise("沈阳 保安 4000").text == "沈阳 保安 4000"
    assert normalise("男 女都行").text == "男 女都行"
