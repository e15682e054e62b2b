"""Turns counted as right and wrong, without the bot: turns are given."""

from __future__ import annotations

import pytest

from bot.evaluation.cases import ExpectedTurn
from bot.evaluation.judge import Tally
from bot.evaluation.result import lines, to_result
from tests.evaluation.turns import bot_turn, judged


def test_a_wrong_topic_is_wrong_only_when_it_was_answered() -> None:
    expected = ExpectedTurn("失业金", "policy", ("unemployment-benefit",))
    answered = judged((expected, bot_turn(topics=["startup-loan", "unemployment-benefit"])))
    asked = judged((expected, bot_turn(status="clarify", topics=["startup-loan"])))
    assert answered["measures"]["wrong_but_confident"]["value"] == 1
    assert answered["measures"]["topic_hit_at_3"]["value"] == 1
    assert asked["measures"]["wrong_but_confident"]["value"] == 0
    assert asked["measures"]["abstained"]["value"] == 1
    assert asked["measures"]["topic_hit_at_1"]["value"] == 0


def test_out_of_scope_counts_both_ways() -> None:
    result = judged(
        (ExpectedTurn("写诗", "out_of_scope"), bot_turn("out_of_scope")),
        (ExpectedTurn("下雨", "out_of_scope"), bot_turn("policy")),
        (ExpectedTurn("失业金", "policy"), bot_turn("out_of_scope")),
    )
    assert result["measures"]["out_of_scope_recall"]["value"] == 0.5
    assert result["measures"]["out_of_scope_false_alarms"]["value"] == 1
    assert {c["times"] for c in result["confused"]} == {1}


def test_slots_missed_wrong_and_beyond_are_told_apart() -> None:
    expected = ExpectedTurn("x", slots={"region": "沈阳市", "age": 52, "salary_min": 4000})
    got = bot_turn(
        slots={"region": "沈阳市", "age": 25, "group": "graduate", "region_code": "210100"}
    )
    slots = judged((expected, got))["slots"]
    assert slots["region"]["f1"] == 1
    assert slots["age"]["precision"]["value"] == 0
    assert slots["salary_min"]["recall"]["value"] == 0
    assert slots["group"]["unexpected"] == 1
    assert slots["all"]["recall"]["value"] == pytest.approx(1 / 3, abs=1e-3)
    assert slots["all"]["f1_strict"] < slots["all"]["f1"]


def test_what_was_in_force_before_is_not_beyond() -> None:
    tally = Tally()
    tally.judge("d/2", ExpectedTurn("还有吗"), bot_turn(slots={"age": 52}), {"age": 52})
    assert to_result(tally, 1)["slots"]["all"]["unexpected"] == 0


def test_required_and_forbidden_words() -> None:
    expected = ExpectedTurn("x", must=("85%",), must_not=("好",))
    result = judged((expected, bot_turn()))
    assert result["measures"]["must_kept"]["value"] == 0
    assert result["measures"]["must_not_kept"]["value"] == 0
    assert any("85%" in line for line in lines(result, 5))
