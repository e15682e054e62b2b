"""Whatever is typed: no reader raises, offsets fit, and what is written is read back."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.clauses import requests
from bot.text.normalise import normalise
from bot.text.pinyin import sounds
from bot.text.safety import tone
from bot.understanding.entity_extractor import message_reader
from bot.understanding.extractors import dates, persons, salary
from bot.understanding.extractors.salary import Pay
from tests.anything import ANY
from tests.profiles import size


@given(ANY)
@settings(max_examples=size(150, 2000), deadline=None)
def test_nothing_typed_makes_a_reader_raise(typed: str) -> None:
    for entity in message_reader().read(typed):
        assert 0 <= entity["start"] <= entity["end"] <= len(typed)
        assert entity["text"]


@given(ANY)
@settings(max_examples=size(150, 1000), deadline=None)
def test_each_character_knows_where_it_stood(typed: str) -> None:
    read = normalise(typed)
    assert len(read.origin) == len(read.text) + 1
    assert list(read.origin) == sorted(read.origin)
    assert read.origin[-1] == len(typed)
    assert normalise(read.text).text == read.text
    assert len(sounds(read.text)) == len(read.text)


@given(ANY)
@settings(max_examples=size(150, 1000), deadline=None)
def test_requests_lie_in_the_text_and_do_not_overlap(typed: str) -> None:
    text = normalise(typed).text
    spans = requests(text)
    assert spans
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(ANY, st.dates(date(2000, 1, 1), date(2060, 12, 31)))
@settings(max_examples=size(100, 1000), deadline=None)
def test_dates_people_and_tone_take_anything(typed: str, today: date) -> None:
    text = normalise(typed).text
    assert all(found.value.first <= found.value.last for found in dates.extract(text, today))
    persons.extract(text)
    tone(text)


@given(st.integers(600, 60_000), st.integers(0, 40_000))
@settings(max_examples=size(100, 1000), deadline=None)
def test_pay_that_is_written_is_read_back(low: int, more: int) -> None:
    for pay in (Pay(low, low + more), Pay(low, None)):
        written = salary.format_pay(pay)
        field = salary.salary_field(written)
        assert field is not None
        assert (field.min, field.max) == (pay.min, pay.max)


@given(st.integers(1, 99))
@settings(max_examples=size(50, 99), deadline=None)
def test_a_round_amount_said_in_a_message_is_that_amount(hundreds: int) -> None:
    amount = hundreds * 100
    if amount < salary.MIN_MONTHLY_PAY:
        return
    (found,) = salary.extract(normalise(f"工资{amount}元以上").text)
    assert (found.value.min, found.value.max) == (amount, None)
