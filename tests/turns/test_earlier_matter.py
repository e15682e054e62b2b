"""A turn that goes back to an earlier matter is read in the state of that matter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.state import DialogueState
from bot.turns.arbitration import state_of
from bot.turns.earlier_matter import resume_earlier_matter
from bot.turns.turn import Turn

PENALTY = "三方签了能反悔吗 违约金写了5000"
OVERTIME = "单休还天天到九点 这合法吗"


def _said(text: str, field: str, unit: str) -> list[dict[str, Any]]:
    """A message of the past with the state that its answer left."""
    state = DialogueState(field=field, thread="policy", unit=unit).to_slot()
    return [
        {"event": "user", "text": text},
        {"event": "slot", "name": "dialogue", "value": state},
    ]


def _turn(text: str, first_field: str = "knowledge") -> Turn:
    past = [
        *_said(PENALTY, first_field, "graduate-employment/three-party-penalty"),
        *_said(OVERTIME, "knowledge", "overtime/nine-nine-six"),
        {"event": "user", "text": text},
    ]
    state = DialogueState(
        field="knowledge", thread="policy", topic="overtime", messages=(PENALTY, OVERTIME),
        unit="overtime/nine-nine-six", units=("overtime/nine-nine-six",),
    )  # fmt: skip
    slots = {"topic": "overtime", "subject": "policy", "dialogue": state.to_slot()}
    return Turn(text, "policy", 0.9, [], [], slots, past=past)


def test_the_sum_of_an_earlier_matter_brings_it_back(here: str) -> None:
    turn = _turn("5000是必须给吗 我爸说不给能咋的")
    resume_earlier_matter(turn)
    state = state_of(turn)
    assert turn.taken_up
    assert turn.slots["topic"] == state.topic == "graduate-employment"
    assert (state.messages, state.unit) == ((PENALTY,), "")
    assert state.units == ("overtime/nine-nine-six",)  # what was said is not said again
    kept = turn.changed_slots()
    assert kept["topic"] == "graduate-employment"  # the next message follows on this one


@pytest.mark.parametrize("field", ["jobs", "safety"])
def test_a_sum_amid_a_search_or_after_despair_goes_back_to_nothing(here: str, field: str) -> None:
    turn = _turn("5000以上的有吗")
    turn.slots["dialogue"] = {**turn.slots["dialogue"], "field": field}
    resume_earlier_matter(turn)
    assert not turn.taken_up


@pytest.mark.parametrize(
    ("text", "first_field"),
    [
        ("那要是不给加班费呢", "knowledge"),
        ("5000以上的有吗", "jobs"),  # the earlier message was no matter of a policy
    ],
)
def test_what_goes_on_stays_with_the_last_answer(here: str, text: str, first_field: str) -> None:
    turn = _turn(text, first_field)
    resume_earlier_matter(turn)
    assert not turn.taken_up
    assert (turn.slots["topic"], state_of(turn).unit) == ("overtime", "overtime/nine-nine-six")
