"""Messages that ask something."""

from __future__ import annotations

import pytest

from bot.text.questions import asks_or_not, is_question


@pytest.mark.parametrize("text", ["能领吗", "多少钱", "咋办啊", "在哪办？", "啥时候到账"])
def test_a_question_asks(text: str) -> None:
    assert is_question(text)
    assert asks_or_not(text)


@pytest.mark.parametrize("text", ["我52了", "想找个保安的活", "谢谢", ""])
def test_a_statement_asks_nothing(text: str) -> None:
    assert not is_question(text)
    assert not asks_or_not(text)


@pytest.mark.parametrize("text", ["有没有宿舍", "有宿舍没"])
def test_with_and_without_is_asked_as_well(text: str) -> None:
    assert asks_or_not(text)
