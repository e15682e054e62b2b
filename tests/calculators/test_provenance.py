"""Figures are inputs of a sum only where their own clause gives their role."""

from __future__ import annotations

import pytest

from bot.calculators.inputs import extract_inputs
from bot.understanding.entity_extractor import message_reader


@pytest.mark.parametrize(
    "text",
    [
        "协议第七条写离职后两年不得到同行业任职",
        "一年拢共五万四",
        "我们签的是三年合同",
        "其中含加班费和半年奖",
    ],
)
def test_a_length_of_something_else_is_no_service(text: str) -> None:
    assert "months" not in extract_inputs(text, message_reader().read(text))


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("我干了三年零四个月", 40),
        ("人事把我算成十七年零五个月了", 209),
        ("不对 是九年零四个月", 112),
    ],
)
def test_a_length_that_was_worked_is(text: str, months: int) -> None:
    assert extract_inputs(text, message_reader().read(text))["months"] == months


@pytest.mark.parametrize(
    "text",
    [
        "我听同事说大连有封顶，他一个月三万多被封了。",
        "今年六月发的半年奖18,000元是单独发的",
        "这十二万六对不对数",
    ],
)
def test_a_sum_of_something_else_is_no_pay(text: str) -> None:
    assert "pay" not in extract_inputs(text, message_reader().read(text))


def test_the_pay_of_a_year_is_a_month_s_twelve_times() -> None:
    text = "一年拢共五万四"
    assert extract_inputs(text, message_reader().read(text))["pay"] == 4500
