"""Texts that say a policy's name and nothing else."""

from __future__ import annotations

import pytest

from bot.policies.bare_names import bare, bare_names


@pytest.mark.parametrize("text", ["失业金", "失业金？", "（失业金）失业金", "请问失业金是吗"])
def test_marks_brackets_and_fillers_are_left_out(text: str) -> None:
    assert bare(text) == "失业金"


def test_a_name_of_two_topics_names_none() -> None:
    names = [("失业金", "benefit"), ("补贴", "training"), ("补贴", "startup"), ("？", "none")]
    assert bare_names(names) == {"失业金": "benefit"}
    assert bare_names([("失业金", "benefit"), ("失业金？", "benefit")]) == {"失业金": "benefit"}
