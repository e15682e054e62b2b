"""Years of experience, as told and as asked for."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.extractors.experience import extract, from_posting_text


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("干过三年", [3]),
        ("有两三年经验", [2]),
        ("干了50年", [50]),
        ("干了51年", []),
        ("年薪十万", []),
    ],
)
def test_years_that_are_told(text: str, years: list[int]) -> None:
    assert [span.value for span in extract(normalise(text).text)] == years


@pytest.mark.parametrize(
    ("text", "years"),
    [("", None), ("3-5年", 3), ("1年以下", 0), ("经验不限", 0), ("10年以上", 10), ("面议", None)],
)
def test_years_that_a_posting_asks_for(text: str, years: int | None) -> None:
    assert from_posting_text(text) == years
