"""Papers that a posting asks for and that the person may not have."""

from __future__ import annotations

import pytest

from bot.matching.certificates import required_paper


@pytest.mark.parametrize(
    ("words", "paper"),
    [
        ("货车司机 B2证，省内短途", "B2证"),
        ("叉车司机 持叉车证，仓库内作业", "叉车证"),
        ("维修电工 厂区维修，需低压电工证。", "低压电工证"),
        ("送货司机 C1及以上驾照，会开手动挡", "C1及以上驾照"),
        ("护士 有护士执业证", "护士执业证"),
        ("普工 有叉车证优先", None),
        ("学徒 可考焊工证，包教会", None),
        ("保洁员 带身份证来", None),
        ("仓管 不需要叉车证", None),
        ("司机 B2证优先，A2驾照", "A2驾照"),
    ],
)
def test_a_paper_is_asked_for_unless_it_is_only_welcome(words: str, paper: str | None) -> None:
    assert required_paper(words) == paper
