import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base.coalesce import MAX_JOINED_CHARS, coalesce, join_lines


@pytest.mark.parametrize(
    ("lines", "groups"),
    [
        (["我想找活", "大连", "会计"], [[0, 1, 2]]),
        (["失业金怎么领？", "我在沈阳"], [[0], [1]]),
        (["大连", "2"], [[0], [1]]),
        (["大连", "退订", "会计"], [[0], [1], [2]]),
        (["", "大连"], [[0], [1]]),
        (["我在厂里干了二十年，后来厂子黄了，现在没有收入了怎么办呢", "沈阳"], [[0], [1]]),
    ],
)
def test_parts_of_a_thought_are_put_together(lines: list[str], groups: list[list[int]]) -> None:
    assert coalesce(lines) == groups


@given(st.lists(st.text(max_size=40), max_size=12))
def test_no_line_is_lost_or_moved(lines: list[str]) -> None:
    groups = coalesce(lines)
    assert [index for group in groups for index in group] == list(range(len(lines)))
    for group in groups:
        if len(group) > 1:
            assert sum(len(lines[i]) for i in group) <= MAX_JOINED_CHARS


def test_joined_lines_read_as_one_sentence() -> None:
    assert join_lines(["我想找活，", " 大连 ", "会计"]) == "我想找活，大连，会计"
