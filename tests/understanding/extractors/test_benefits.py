"""Benefits that postings offer and seekers wish for."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.understanding.extractors.benefits import from_posting_text, names, reason_names, wishes


@pytest.mark.parametrize(
    ("text", "tags", "offers"),
    [
        ("包吃包住", "", {"meals", "lodging"}),
        ("不包吃住", "", set()),
        ("", "五险一金", {"five_insurances", "housing_fund"}),
        ("", "", set()),
    ],
)
def test_what_a_posting_offers(text: str, tags: str, offers: set[str]) -> None:
    read = from_posting_text(text, tags)
    assert offers <= set(read) if offers else not read
    assert list(read) == [name for name in names() if name in read]


def test_wishes_and_what_is_given_up() -> None:
    assert "lodging" in wishes(normalise("要包住的").text)[0]
    given_up = wishes(normalise("不包住也行").text)
    assert "lodging" in given_up[1]
    assert "lodging" not in given_up[0]
    assert wishes(normalise("想找个保安的活").text) == ([], [])


def test_only_what_has_a_reason_can_be_wished_for() -> None:
    assert reason_names().keys() <= names().keys()
