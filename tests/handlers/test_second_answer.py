"""Where the likeliest answer may well be wrong, the claim after it is said as well."""

from __future__ import annotations

import uuid

import pytest

from bot.dialogue.state import DialogueState
from bot.handlers.ranked_units import answer_claim
from bot.handlers.second_answer import with_second_answer
from bot.messages import Message
from bot.policies.ranking.index import AnswerHit, current_answers
from bot.turns.turn import Turn


def _hits(first: float, second: float) -> list[AnswerHit]:
    claims = [unit for unit in current_answers().units if unit.aspect is None][:2]
    return [AnswerHit(claims[0], first), AnswerHit(claims[1], second)]


def _answered(text: str, hits: list[AnswerHit]) -> tuple[Turn, Message, Message]:
    turn = Turn(text, "policy", 0.9, [], [], {}, address=uuid.uuid4().hex)
    first = answer_claim(turn, hits[0])
    assert first is not None
    return turn, first, with_second_answer(turn, first, hits[0], hits)


def test_the_second_stands_below_with_its_question_and_sources(policies_here: None) -> None:
    hits = _hits(0.2, 0.15)
    turn, first, both = _answered("那能不能要呢", hits)
    assert both.text.startswith(first.text)
    assert "要是问“" in both.text.removeprefix(first.text)
    assert set(first.citations) < set(both.citations)
    assert (turn.current.topic, turn.units) == (hits[0].unit.topic, [hits[0].unit.id])


@pytest.mark.parametrize(("first", "second"), [(0.85, 0.6), (0.6, 0.2), (0.2, 0.05), (0.06, 0.03)])
def test_an_answer_that_is_likely_or_has_no_rival_stands_alone(
    policies_here: None, first: float, second: float
) -> None:
    _, alone, answered = _answered("那能不能要呢", _hits(first, second))
    assert answered == alone


@pytest.mark.parametrize(
    ("text", "is_said"), [("我在那干了三年", False), ("那三年的能不能要", True)]
)
def test_what_is_told_amid_a_talk_has_one_answer(
    policies_here: None, text: str, is_said: bool
) -> None:
    hits = _hits(0.2, 0.15)
    state = DialogueState(field="policy", messages=("老板不给交社保",)).to_slot()
    turn = Turn(text, "policy", 0.9, [], [], {"dialogue": state}, address=uuid.uuid4().hex)
    first = answer_claim(turn, hits[0])
    assert first is not None
    assert (with_second_answer(turn, first, hits[0], hits) != first) is is_said
