"""Numbers of people that postings seek."""

from __future__ import annotations

import pytest

from bot.postings.ingest.headcount import from_field, from_posting_text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("招聘人数：3人", 3),
        ("招5名", 5),
        ("急招10人", 10),
        ("招十名保安", 10),
        ("工资5000", None),
        ("公司有300人", None),
        ("招2001人", None),
    ],
)
def test_words_of_a_posting(text: str, number: int | None) -> None:
    assert from_posting_text(text) == number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("3人", 3),
        ("若干", None),
        ("", None),
        (None, None),
        ("0", None),
        ("2000", 2000),
        ("2001", None),
    ],
)
def test_a_column_of_its_own(cell: str | None, number: int | None) -> None:
    assert from_field(cell) == number
