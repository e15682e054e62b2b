"""Kinds of answers that a question asks for."""

from __future__ import annotations

import pytest

from bot.understanding.question_kind import TAIL_CHARS, question_kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("能领吗", "yes_no"),
        ("一个月多少钱", "how_much"),
        ("能领几个月", "how_long"),
        ("在哪办", "where"),
        ("我在沈阳", None),
        ("我想问问多少钱，在哪办", "where"),
    ],
)
def test_the_last_question_of_a_message_counts(text: str, kind: str | None) -> None:
    assert question_kinds().kind_of(text) == kind


def test_of_a_story_only_the_end_is_looked_at() -> None:
    assert question_kinds().kind_of("在哪办" + "，我在沈阳住" * TAIL_CHARS) is None
