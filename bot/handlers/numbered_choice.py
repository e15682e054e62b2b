"""A number or a place in the row that answers a question with choices: `1` is 保洁 there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.handlers import register, subscribe
from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.turns.transcript import last_answers
from bot.turns.turn import Turn

#: What is asked with numbered choices that are words about a job; `asked` holds it.
_JOB_QUESTIONS = frozenset(
    (
        "occupation",
        "region",
        subscribe.PREFERENCE,
        subscribe.CONSENT,
        register.PREFERENCE,
        register.CONSENT,
    )
)
#: The acts of choices that are no wish.
_ACT_BY_CHOICE = {"好": "affirm", "不用": "deny"}
_NUMBERED_CHOICE = patterns("message_choices")["numbered_choice"]


@dataclass(frozen=True)
class NumberedChoice:
    """The choice that a bare number stands for."""

    text: str
    act: str


def numbered_choice(turn: Turn) -> NumberedChoice | None:
    """Return the choice of a bare number in the question that waits; None for another message.

    Channels that send numbers for choices do so before; here it is who typed one (REST, web).
    """
    if turn.previous.open_question not in _JOB_QUESTIONS:
        return None
    number_match = _NUMBERED_CHOICE.fullmatch(normalise(turn.text).text.strip())
    ordinal = turn.of_kind("ordinal")
    if number_match is None and not (ordinal and ordinal[0]["text"] == turn.text.strip()):
        return None
    number = int(number_match[1]) if number_match else int(ordinal[0]["value"])
    choices = [button["says"] for button in _last_question(turn).get("buttons") or ()]
    if not 0 < number <= len(choices):
        return None
    text = str(choices[number - 1])
    return NumberedChoice(text, _ACT_BY_CHOICE.get(text, "inform"))


def _last_question(turn: Turn) -> dict[str, Any]:
    """Return the question that was asked last; empty when the last answer was none."""
    last = next(iter(last_answers(turn.past, 1)), {})
    return last if last.get("type") in ("form", "clarify") else {}
