"""Messages that only tell who somebody is: told alone at the beginning, noted; else left alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.handlers.introduction import answer_introduction
from bot.turns.turn import Turn
from bot.understanding.entity_extractor import message_reader


def _turn(text: str, **slots: Any) -> Turn:
    entities = [dict(entity) for entity in message_reader().read(text)]
    return Turn(text, "inform", 0.9, [], entities, slots)


@pytest.mark.parametrize(
    ("text", "heard", "region_code"),
    [
        ("我在鞍山", "鞍山", "210300"),
        ("抚顺新宾的", "抚顺新宾", "210422"),
        ("我是大连的，下岗了", "大连、下岗", "210200"),
        ("沈阳 45岁 女", "沈阳、45岁", "210100"),
        ("本溪的 刚下岗 46", "本溪、下岗、46岁", "210500"),
        ("俺今年52，家在朝阳，让厂子裁了", "朝阳、让厂子裁了", "211300"),
    ],
)
def test_facts_told_alone_are_noted_and_said_back(text: str, heard: str, region_code: str) -> None:
    turn = _turn(text)
    message = answer_introduction(turn)
    assert message is not None
    assert heard in message.text
    assert turn.changes["region_code"] == region_code


def test_being_without_work_is_not_asked_for_later() -> None:
    turn = _turn("我是大连的，下岗了")
    answer_introduction(turn)
    assert turn.current.interview.facts["employment"] == "unemployed"


@pytest.mark.parametrize(
    "text",
    [
        "鞍山有招保安的",
        "我在沈阳干了十年让人撵了一分钱没给",
        "大连的失业金多少钱一个月？",
        "我在鞍山吗",
        "下岗了",
        "那大连呢？",
    ],
)
def test_a_message_that_says_more_or_less_is_no_introduction(text: str) -> None:
    turn = _turn(text)
    assert answer_introduction(turn) is None
    assert not turn.changes


@pytest.mark.parametrize(
    "slots", [{"subject": "job"}, {"subject": "policy"}, {"form": "job"}, {"asked": "region"}]
)
def test_within_a_matter_a_place_belongs_to_that(slots: dict[str, Any]) -> None:
    assert answer_introduction(_turn("我在鞍山", **slots)) is None
