from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.text.normalise import normalise
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors.salary import (
    MAX_MONTHLY_PAY,
    MIN_MONTHLY_PAY,
    Pay,
    amounts,
    extract,
    format_pay,
    salary_field,
    unreadable_pay,
)

_HAN = "零一二三四五六七八九"


def spelled_in_figures(amount: int) -> str:
    return str(amount)


def spelled_in_thousands(amount: int) -> str:
    """4千5, 1万2, 12.3千."""
    for unit, scale in (("万", 10000), ("千", 1000)):
        whole, rest = divmod(amount, scale)
        if whole and rest % (scale // 10) == 0:
            return f"{whole}{unit}{rest // (scale // 10) or ''}"
    return f"{amount / 1000:g}千"


def spelled_in_words(amount: int) -> str:
    """四千五百, 一万二千三百."""
    text = ""
    for unit, scale in (("万", 10000), ("千", 1000), ("百", 100)):
        digit, amount = divmod(amount, scale)
        text += f"{_HAN[digit]}{unit}" if digit else "零" if text and amount else ""
    return text


CASES = Path(__file__).parent.parent / "cases"
FIELDS = YAML(typ="safe").load((CASES / "money_fields.yml").read_text(encoding="utf-8"))
SAID = YAML(typ="safe").load((CASES / "money_said.yml").read_text(encoding="utf-8"))
RATES = YAML(typ="safe").load((CASES / "pay_rates.yml").read_text(encoding="utf-8"))
NO_PAY = YAML(typ="safe").load((CASES / "no_pay.yml").read_text(encoding="utf-8"))
SPELLINGS = YAML(typ="safe").load((CASES / "pay_spellings.yml").read_text(encoding="utf-8"))
ENDS = YAML(typ="safe").load((CASES / "pay_ends.yml").read_text(encoding="utf-8"))
#: Where a wish stands in a message.
FRAMES = ("{}", "沈阳保安{}", "找个{}的活", "想在沈阳找保安，{}", "保安 {}，沈阳")


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
    said = [[found.value.min, found.value.max] for found in extract(normalise(text).text)]
    assert said == ([ends] if ends else [])


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize(("wish", "ends"), RATES.items())
def test_a_wish_for_pay_is_read_the_same_everywhere_in_a_message(
    wish: str, ends: list[int | None], frame: str
) -> None:
    entities = message_reader().read(frame.format(wish))
    pays = [one["value"] for one in entities if one["entity"] == "salary"]
    assert [[pay["min"], pay["max"]] for pay in pays] == [ends]
    assert not [one for one in entities if one["entity"] in ("duration", "date")]


@pytest.mark.parametrize("text", NO_PAY)
def test_months_people_and_costs_are_no_pay(text: str) -> None:
    assert extract(normalise(text).text) == []


@pytest.mark.parametrize(("text", "ends"), SPELLINGS.items())
def test_messages_and_cells_read_the_same_spellings(text: str, ends: list[int | None]) -> None:
    (wished,) = extract(normalise(text).text)
    assert [wished.value.min, wished.value.max] == ends
    stated = salary_field(text)
    assert stated is not None
    assert [stated.min, stated.max] == [ends[0], ends[1] or ends[0]]
    assert stated.period == wished.value.period


@pytest.mark.parametrize(("text", "ends"), ENDS.items())
def test_messages_and_cells_read_the_same_ends(text: str, ends: list[int | None]) -> None:
    (wished,) = extract(normalise(text).text)
    stated = salary_field(text)
    assert stated is not None
    assert [wished.value.min, wished.value.max] == [stated.min, stated.max] == ends


@given(
    st.integers(15, 300).map(lambda hundreds: hundreds * 100),
    st.sampled_from(("{}", "{}元", "{}元/月", "月薪{}", "一月{}", "{}一个月", "{}以上", "至少{}")),
    st.sampled_from((spelled_in_figures, spelled_in_thousands, spelled_in_words)),
)
def test_any_sum_is_read_the_same_in_messages_and_cells(
    amount: int, frame: str, spell: Callable[[int], str]
) -> None:
    text = frame.format(spell(amount))
    assume(text != "2000")  # in a message a year
    (wished,) = extract(normalise(text).text)
    stated = salary_field(text)
    assert stated is not None
    assert wished.value.min == stated.min == amount


def test_about_is_a_tolerance_of_a_wish_and_not_of_a_cell() -> None:
    (wished,) = extract("五千左右")
    assert (wished.value.min, wished.value.max) == (4500, 5500)
    assert salary_field("五千左右") == Pay(5000, 5000)


def test_a_range_from_its_end_on_keeps_the_upper_end_of_a_cell() -> None:
    (wished,) = extract("四五千以上")
    assert (wished.value.min, wished.value.max) == (4000, None)
    assert salary_field("4000-5000以上") == Pay(4000, 5000)


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
    assert unreadable_pay(text) == words


@given(st.text(max_size=200))
def test_no_text_makes_a_reader_fail(text: str) -> None:
    plain = normalise(text).text
    salary_field(text)
    for found in (*extract(plain), *amounts(plain)):
        assert plain[found.start : found.end] == found.text


@given(st.integers(MIN_MONTHLY_PAY, MAX_MONTHLY_PAY), st.integers(0, 50_000))
def test_what_is_written_is_read_back(least: int, more: int) -> None:
    pay = Pay(least, least + more)
    assert salary_field(format_pay(pay)) == pay


@given(st.integers(1000, 90_000))
def test_a_lower_bound_is_read_back(least: int) -> None:
    assert salary_field(format_pay(Pay(least, None))) == Pay(least, None)
