"""Fields of web pages as plain text."""

from __future__ import annotations

import pytest

from bot.postings.ingest.plain_text import one_line, strip_markup


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (" 招保安 ", "招保安"),
        ("<p>招保安</p><p>包吃住</p>", "招保安\n包吃住"),
        ("招保安<br/>包吃住", "招保安\n包吃住"),
        ("<script>alert(1)</script>招保安", "招保安"),
        ("<!-- x -->招保安<style>p{}</style>", "招保安"),
        ("3000&lt;月薪&lt;4000", "3000<月薪<4000"),
        ("&amp;lt;b&amp;gt;招&amp;lt;/b&amp;gt;", "招"),
        ("a&lt=2", "a&lt=2"),
        ("招\u200b保\ufeff安", "招保安"),
        ("招&nbsp;保安", "招 保安"),
        ("<script>never ends", "never ends"),
        ("5 < 6", "5 < 6"),
    ],
)
def test_markup_and_invisible_characters_are_left_out(field: str, text: str) -> None:
    assert strip_markup(field) == text


def test_a_title_has_one_line() -> None:
    assert one_line("保安\n夜班") == "保安 夜班"
    assert one_line("保安  夜班") == "保安  夜班"
