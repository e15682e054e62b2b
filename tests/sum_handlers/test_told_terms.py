"""Terms, years, ages and a probation's pay are worked out from what was told in a talk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from bot import clock
from bot.sum_handlers.told_terms import answer_told_term
from bot.turns.arbitration import remember
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader

pytestmark = pytest.mark.usefixtures("policies_here")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(date(2026, 12, 1)):
        yield


def _said(*texts: str) -> str:
    """Return the words that answer the last message of a talk; empty where it goes its way."""
    slots: dict[str, object] = {}
    words = ""
    for text in texts:
        entities = [dict(entity) for entity in message_reader().read(text)]
        turn = Turn(text, "policy", 0.9, [], entities, dict(slots))
        message = answer_told_term(turn)
        remember(turn, [message] if message else [])
        slots |= turn.changes
        words = message.text if message else ""
    return words


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (["今年6月18号在工地摔的 我自己报工伤最晚哪天"], "2027-06-18"),
        (["8月20号让机器夹了手 单位最晚哪天之前得报工伤"], "2026-09-19"),
        (["我11月12号交的书面辞职 30天以后哪天能走"], "2026-12-12"),
        (["裁决书11月20号收到的 不服最晚哪天起诉"], "2026-12-05"),
        (["去年10月15号把我辞了 现在还能去仲裁不 截止到哪天"], "2026-10-15"),
    ],
)
def test_a_term_runs_from_the_day_told(texts: list[str], words: str) -> None:
    assert words in _said(*texts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("养老先在厂里交了9年4个月 后来自己又交了3年11个月 一共几年", "13年3个月"),
        ("养老保险头一段6年8个月 第二段5年7个月 总共交了几年", "12年3个月"),
        ("我养老交了14年4个月 离15年还差多少", "8个月"),
    ],
)
def test_years_of_contributions_are_added_up_and_compared(text: str, words: str) -> None:
    assert words in _said(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我弟弟1967年5月生的 男的 他哪年哪月退休", "2028年1月"),
        ("我妹妹75年4月的 工人岗 原来50退 她啥时候退休", "2025年6月"),
    ],
)
def test_somebody_else_retires_by_their_own_birth(text: str, words: str) -> None:
    assert words in _said(text)


def test_probation_is_paid_at_four_fifths_at_least() -> None:
    said = _said("转正工资5500 试用期工资3500 试用期一个月少给我多少")
    assert "4400元" in said
    assert "900元" in said


@pytest.mark.parametrize(
    "texts",
    [
        ["单位最晚哪天得报工伤"],  # no day was told
        ["我今天想问问 还能仲裁不"],
        ["我有三年电焊经验"],
        ["失业金交了3年 能领几个月"],
        ["他去年摔坏了手机 让我赔"],
    ],
)
def test_without_a_day_or_years_a_message_goes_its_way(texts: list[str]) -> None:
    assert _said(*texts) == ""
