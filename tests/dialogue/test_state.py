"""The state of the talk that the next message is read in."""

from __future__ import annotations

import json

import pytest

from bot.dialogue.state import (
    LONGEST_MESSAGE,
    MAX_EARLIER_FIELDS,
    MAX_UNITS,
    MESSAGES,
    DialogueState,
    requested_kind,
)


def _after(state: DialogueState, field: str, topic: str | None = None) -> DialogueState:
    return state.after_answer(field, field, topic, "", "", ())


def test_a_slot_gives_the_state_back_through_json() -> None:
    state = DialogueState("knowledge", topic="loan", offers=("好",), messages=("a",), units=("u",))
    assert DialogueState.from_slot(json.loads(json.dumps(state.to_slot()))) == state
    assert DialogueState.from_slot(None) == DialogueState()
    assert DialogueState.from_slot({**state.to_slot(), "gone": 1}) == state


def test_earlier_fields_stand_once_the_latest_last() -> None:
    state = DialogueState()
    for field in ("jobs", "places", "jobs", "knowledge"):
        state = _after(state, field)
    assert (state.field, state.before) == ("knowledge", ("places", "jobs"))
    for number in range(MAX_EARLIER_FIELDS + 3):
        state = _after(state, str(number))
    assert len(state.before) == MAX_EARLIER_FIELDS


def test_a_policy_is_remembered_over_another_business() -> None:
    assert _after(_after(DialogueState(), "knowledge", "loan"), "jobs").topic == "loan"


def test_messages_about_policies_are_remembered_until_another_business() -> None:
    state = _after(DialogueState(), "knowledge")
    for text in (*"0123456", "a", "b", "c" * (LONGEST_MESSAGE + 1)):
        state = state.with_message(text, {"pay": 1}, "unit")
    assert state.messages[-2:] == ("b", "c" * LONGEST_MESSAGE)
    assert len(state.messages) == MESSAGES
    aside = _after(state, "small_talk").with_message("d", {}, "")
    assert (aside.messages, aside.stated) == (state.messages, {"pay": 1})
    jobs = _after(state, "jobs").with_message("d", {}, "")
    assert (jobs.messages, jobs.stated, jobs.unit) == ((), {}, "")


def test_units_are_bounded() -> None:
    state = _after(DialogueState(), "knowledge")
    for number in range(MAX_UNITS + 2):
        state = state.with_message("a", {}, f"u{number}")
    assert len(state.units) == MAX_UNITS
    assert state.units[-1] == f"u{MAX_UNITS + 1}"


@pytest.mark.parametrize("question", [None, "", "none"])
def test_nothing_asked_has_no_kind(question: str | None) -> None:
    assert requested_kind(question) == ""
    assert requested_kind("一句没人问过的话") == "other"
