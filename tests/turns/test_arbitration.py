"""What the state of the talk does to an answer: kind lines, no answer twice, facts that go on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.readings import Move, Reading
from bot.dialogue.state import DialogueState
from bot.messages import Button, Message, PolicyAnswer
from bot.routing import router as answering
from bot.routing.router import HANDLERS, answer
from bot.turns import arbitration
from bot.turns.arbitration import arbitrated_act, remember, without_repetition
from bot.turns.turn import Topic, Turn


def _state(field: str, asks: Any = "") -> dict[str, Any]:
    return DialogueState().after_answer(field, "policy", "overtime", asks, "", ()).to_slot()


def _turn(text: str, act: str, share: float, state: dict[str, Any] | None, second: str) -> Turn:
    ranking = [{"name": act, "confidence": share}, {"name": second, "confidence": 0.2}]
    slots = {"dialogue": state, "subject": "policy"}
    parsed = {"intent_ranking": ranking}
    return Turn(text, act, share, [Topic("overtime", 0.9)], [], slots, parsed=parsed)


@pytest.fixture(autouse=True)
def _answers(policies_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The business is answered by a word; the arbiter has no say where a test gives none."""
    monkeypatch.setitem(HANDLERS, "policy", lambda turn: Message(act="policy", text="规定"))
    monkeypatch.setattr(answering, "read_turn", lambda turn: None)
    monkeypatch.setattr(answering, "asks_answerable_question", lambda turn: False)


@pytest.mark.parametrize(
    ("share", "state", "said"),
    [
        (0.4, None, ["crisis"]),  # a first message is heard
        (0.9, _state("knowledge"), ["crisis"]),  # certain amid business
        (0.4, _state("safety"), ["crisis"]),  # and where it was spoken of
        (0.7, _state("knowledge"), ["answered", "answered"]),
    ],
)
def test_despair_that_is_not_certain_amid_business_gets_a_kind_line(
    share: float, state: dict[str, Any] | None, said: list[str]
) -> None:
    messages = answer(_turn("上班熬得难受 加班费咋算的呢", "distress", share, state, "policy"))
    assert [message.status for message in messages] == said
    assert any("12356" in message.text for message in messages)


def test_a_plain_question_of_business_gets_no_helpline() -> None:
    asked = "腿好了不想送了，有没有坐着干的活"
    messages = answer(_turn(asked, "distress", 0.4, _state("knowledge"), "find_job"))
    assert messages
    assert not any("12356" in message.text for message in messages)


@pytest.mark.usefixtures("here")
def test_a_place_or_an_age_beside_it_makes_despair_no_business() -> None:
    told = _turn("我52了 沈阳这边也就这样了", "distress", 0.4, _state("knowledge"), "inform")
    told.entities = [{"entity": "age", "value": 52, "start": 1, "end": 3}]
    assert any("12356" in message.text for message in answer(told))


def test_a_few_words_that_answer_a_question_get_no_helpline() -> None:
    turn = _turn("想自己干", "distress", 0.4, _state("knowledge", "choice"), "policy")
    assert [message.text for message in answer(turn)] == ["规定"]


def test_the_line_beside_an_answer_leaves_its_buttons_standing() -> None:
    turn = _turn("加班费咋算", "policy", 0.9, None, "inform")
    remember(turn, [Message(act="policy", text="规定", buttons=[Button("甲", "甲")]), Message()])
    assert turn.changes["dialogue"]["offers"] == ("甲",)
    assert turn.changes["dialogue"]["field"] == "knowledge"


@pytest.mark.parametrize(("move", "again"), [("tell", False), ("follow", False), ("open", True)])
def test_what_goes_on_gets_no_answer_in_the_words_of_the_last(move: Move, again: bool) -> None:
    told = PolicyAnswer(act="policy", text="规定", topics=["overtime"])
    first = _turn("加班费咋算", "policy", 0.9, None, "inform")
    remember(first, [told])
    turn = _turn("就这么点", "policy", 0.5, first.changes["dialogue"], "inform")
    turn.reading = Reading("knowledge", 0.9, move, 0.9)
    (message,) = without_repetition(turn, [told])
    assert (message.text == told.text) is again


@pytest.mark.parametrize(
    ("act", "share", "field", "least"),
    [
        ("find_job", 0.6, "knowledge", arbitration.LIKELY),  # the talk decides against a weak act
        ("find_job", 0.95, "knowledge", arbitration.SURE),  # against a certain one when it is sure
        ("find_job", 0.6, "", 1.0),  # a first message says what it wants
        ("nlu_fallback", 0.3, "knowledge", arbitration.SURE),  # what is open takes a bare answer
    ],
)
def test_the_arbiter_has_to_be_the_surer_the_surer_the_classifier_is(
    act: str, share: float, field: str, least: float
) -> None:
    turn = _turn(
        "两万六 从去年六月欠到现在", act, share, _state(field) if field else None, "inform"
    )
    turn.intended = act
    turn.reading = Reading("knowledge", least + 0.01, "tell", 0.9)
    assert arbitrated_act(turn) == ("policy" if least < 1 else act)
    turn.reading = Reading("knowledge", least - 0.01, "tell", 0.9)
    assert arbitrated_act(turn) == act
