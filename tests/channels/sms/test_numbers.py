import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms.numbers import e164


@pytest.mark.parametrize(
    "given_", ["13800138000", "+8613800138000", "8613800138000", "008613800138000", "138 0013 8000", "+86-138-0013-8000"]
)  # fmt: skip
def test_one_person_is_one_address(given_: str) -> None:
    assert e164(given_) == "+8613800138000"


def test_a_foreign_mobile_keeps_its_country() -> None:
    assert e164("+447911123456") == "+447911123456"
    assert e164("00447911123456") == "+447911123456"


@pytest.mark.parametrize("given_", ["", "10086", "10690000", "12333", "+8610086", "abc", "13800138000 13900139000", "1380013800", "12800138000"])  # fmt: skip
def test_what_is_no_persons_number_is_not_answered(given_: str) -> None:
    assert e164(given_) is None


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = e164(text)
    assert number is None or e164(number) == number
