from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.text.money import LEAST, MOST, Pay, amounts, read, salary_field, unread, write
from bot.text.normalise import normalise

CASES = Path(__file__).parent / "cases"
FIELDS = YAML(typ="safe").load((CASES / "money_fields.yml").read_text(encoding="utf-8"))
SAID = YAML(typ="safe").load((CASES / "money_said.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "ends"), FIELDS.items())
def test_a_pay_field_becomes_yuan_a_month(text: str, ends: list[int | None]) -> None:
    pay = salary_field(text)
    assert pay is not None
    assert [pay.min, pay.max] == ends


def test_extra_months_of_pay_are_kept_apart() -> None:
    pay = salary_field("1-2万·13薪")
    assert pay is not None
    assert pay.months == 13


@pytest.mark.parametrize("text", ["面议", "薪资面议", "面议-nank·nan薪"])
def test_negotiable_pay_states_no_amount(text: str) -> None:
    assert salary_field(text) == Pay(None, None, negotiable=True)


@pytest.mark.parametrize("text", ["", "  ", "优厚"])
def test_a_field_without_pay_is_none(text: str) -> None:
    assert salary_field(text) is None


@pytest.mark.parametrize(("text", "ends"), SAID.items())
def test_pay_is_read_from_what_people_type(text: str, ends: list[int | None]) -> None:
    said = [[found.value.min, found.value.max] for found in read(normalise(text).text)]
    assert said == ([ends] if ends else [])


def test_loans_and_fees_are_amounts_and_no_pay() -> None:
    assert [found.value for found in amounts("贷二十万三年")] == [200_000]
    assert [found.value for found in amounts("让交八百块服装费")] == [800]
    assert [found.value for found in amounts("贷132,000,三年")] == [132_000]
    assert [found.value for found in amounts("贷13万2，三年")] == [132_000]
    assert [found.value for found in amounts("贷1万3年")] == [10_000]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("想找保安，工资五位数以上", "工资五位数以上"),
        ("工资5OOO以上", "工资5OOO以上"),
        ("工资5000以上", None),
        ("工资高点的", None),
        ("工资多少都行", None),
    ],
)
def test_a_pay_that_cannot_be_read_is_told(text: str, words: str | None) -> None:
    assert unread(text) == words


@given(st.text(max_size=200))
def test_no_text_makes_a_reader_fail(text: str) -> None:
    plain = normalise(text).text
    salary_field(text)
    for found in (*read(plain), *amounts(plain)):
        assert plain[found.start : found.end] == found.text


@given(st.integers(LEAST, MOST), st.integers(0, 50_000))
def test_what_is_written_is_read_back(least: int, more: int) -> None:
    pay = Pay(least, least + more)
    assert salary_field(write(pay)) == pay


@given(st.integers(1000, 90_000))
def test_a_lower_bound_is_read_back(least: int) -> None:
    assert salary_field(write(Pay(least, None))) == Pay(least, None)
