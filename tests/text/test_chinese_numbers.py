import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.chinese_numbers import ordinals, pair, value
from bot.understanding.extractors import durations

CASES = {
    "三": 3, "十": 10, "十二": 12, "二十": 20, "两千": 2000, "俩": 2, "仨": 3, "四千五": 4500, "一万二": 12000,
    "四千零五": 4005, "一百八": 180, "两万": 20000, "一万": 10000, "1.2万": 12000, "3千": 3000, "8k": 8000, "4500": 4500,
    "三千五百": 3500, "十五": 15, "一百二十三": 123, "五十三": 53, "万": 10000,
}  # fmt: skip


@pytest.mark.parametrize(("text", "number"), CASES.items())
def test_a_number_in_words_or_figures_has_its_value(text: str, number: float) -> None:
    assert value(text) == number


@pytest.mark.parametrize("text", ["", "你", "三四千五六", "1.2.3", "k"])
def test_what_is_no_number_has_none(text: str) -> None:
    assert value(text) is None


def test_only_digits_that_follow_each_other_are_a_pair() -> None:
    assert pair("三四") == (3, 4)
    assert pair("二八") is None


@pytest.mark.parametrize(
    ("text", "which"),
    {"第二个详细说说": 2, "第3个": 3, "第一条": 1, "最后一个": -1, "2": 2, "选3": 3, "要一个": None, "12": None,
     "一个月": None}.items(),
)  # fmt: skip
def test_which_one_of_a_list_is_meant(text: str, which: int | None) -> None:
    assert [found.value for found in ordinals(text)] == ([which] if which else [])


@pytest.mark.parametrize(
    ("text", "months"),
    {"交了八年": 96, "八年零三个月": 99, "六年半": 78, "十二年": 144, "俩月": 2, "仨月工资": 3, "半年": 6,
     "一年零两个月": 14, "3年": 36, "2025年": None, "12月": None, "八年级": 96, "找月嫂": None}.items(),
)  # fmt: skip
def test_a_length_of_time_is_months(text: str, months: int | None) -> None:
    assert [found.value.months for found in durations.extract(text)] == ([months] if months else [])


@given(st.text(max_size=100))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    value(text)
    ordinals(text)
    durations.extract(text)
