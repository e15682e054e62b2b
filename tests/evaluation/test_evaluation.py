"""Counting what went right and wrong, without the bot: turns are given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.cases import CaseError, Expected, read_cases
from bot.evaluation.judge import Tally
from bot.evaluation.measures import Share
from bot.evaluation.result import comparison, lines, to_result


def _got(act: str = "policy", status: str = "answered", **more: Any) -> dict[str, Any]:
    return {
        "act": act, "status": status, "topics": [], "slots": {}, "rendered": ["好"],
        "latency_ms": 5.0, **more,
    }  # fmt: skip


def _result(*turns: tuple[Expected, dict[str, Any]]) -> dict[str, Any]:
    tally = Tally()
    for number, (expected, got) in enumerate(turns, 1):
        tally.judge(f"d/{number}", expected, got, {})
    return to_result(tally, 1)


def test_a_share_has_an_interval_that_holds_at_the_ends() -> None:
    whole = Share(10, 10)
    assert whole.value == 1
    assert whole.interval is not None
    low, high = whole.interval
    assert 0.7 < low < 0.75
    assert high == pytest.approx(1)
    assert Share().interval is None


def test_more_cases_make_the_interval_narrower() -> None:
    few, many = Share(9, 10).interval, Share(900, 1000).interval
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < few[1] - few[0]


def test_a_wrong_topic_is_wrong_only_when_it_was_answered() -> None:
    expected = Expected("失业金", "policy", ("unemployment-benefit",))
    answered = _result((expected, _got(topics=["startup-loan", "unemployment-benefit"])))
    asked = _result((expected, _got(status="clarify", topics=["startup-loan"])))
    assert answered["measures"]["wrong_but_confident"]["value"] == 1
    assert answered["measures"]["topic_hit_at_3"]["value"] == 1
    assert asked["measures"]["wrong_but_confident"]["value"] == 0
    assert asked["measures"]["abstained"]["value"] == 1
    assert asked["measures"]["topic_hit_at_1"]["value"] == 0


def test_out_of_scope_counts_both_ways() -> None:
    result = _result(
        (Expected("写诗", "out_of_scope"), _got("out_of_scope")),
        (Expected("下雨", "out_of_scope"), _got("policy")),
        (Expected("失业金", "policy"), _got("out_of_scope")),
    )
    assert result["measures"]["out_of_scope_recall"]["value"] == 0.5
    assert result["measures"]["out_of_scope_false_alarms"]["value"] == 1
    assert {c["times"] for c in result["confused"]} == {1}


def test_slots_missed_wrong_and_beyond_are_told_apart() -> None:
    expected = Expected("x", slots={"region": "沈阳市", "age": 52, "salary_min": 4000})
    got = _got(slots={"region": "沈阳市", "age": 25, "group": "graduate", "region_code": "210100"})
    slots = _result((expected, got))["slots"]
    assert slots["region"]["f1"] == 1
    assert slots["age"]["precision"]["value"] == 0
    assert slots["salary_min"]["recall"]["value"] == 0
    assert slots["group"]["unexpected"] == 1
    assert slots["all"]["recall"]["value"] == pytest.approx(1 / 3, abs=1e-3)
    assert slots["all"]["f1_strict"] < slots["all"]["f1"]


def test_what_was_in_force_before_is_not_beyond() -> None:
    tally = Tally()
    tally.judge("d/2", Expected("还有吗"), _got(slots={"age": 52}), {"age": 52})
    assert to_result(tally, 1)["slots"]["all"]["unexpected"] == 0


def test_required_and_forbidden_words() -> None:
    expected = Expected("x", must=("85%",), must_not=("好",))
    result = _result((expected, _got()))
    assert result["measures"]["must_kept"]["value"] == 0
    assert result["measures"]["must_not_kept"]["value"] == 0
    assert any("85%" in line for line in lines(result, 5))


def test_a_comparison_names_what_was_mended_and_broken() -> None:
    right = (Expected("a", "policy"), _got("policy"))
    wrong = (Expected("a", "policy"), _got("greet"))
    said = list(comparison(_result(right, wrong), _result(wrong, right)))
    assert any(line.startswith("mended: d/1") for line in said)
    assert any(line.startswith("broken: d/2") for line in said)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{", "no JSON"),
        ('{"id": 1}', "turns"),
        ('{"turns": [{"act": "policy"}]}', "text"),
        ('{"turns": [{"text": "a", "topic": "b"}]}', "topic"),
        ("[]", "turns"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_field(tmp_path: Path, line: str, field: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text('{"turns": [{"text": "a"}]}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CaseError, match=f"line 2.*{field}"):
        read_cases(file)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("\n", encoding="utf-8")
    with pytest.raises(CaseError, match="no dialogue"):
        read_cases(file)


def test_what_is_not_stated_is_not_judged(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(json.dumps({"turns": [{"text": "a"}]}), encoding="utf-8")
    ((turn,),) = (dialogue.turns for dialogue in read_cases(file))
    assert "act_accuracy" not in _result((turn, _got()))["measures"]
