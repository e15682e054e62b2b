"""Answers of seekers to a follow-up: their state, the reason, and a change that could help.

Reads words only; `bot.notifications.follow_ups` decides what is stored. A counsellor's tone: no
seeker is pressed, and silence has no consequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.text.normalise import normalise
from bot.text.pattern_file import patterns
from bot.vocabulary.trade_needs import trade_needs
from bot.wording import wording

State = Literal[
    "looking", "not_gone", "applied", "not_hired", "working", "unpaid", "unhappy", "left",
    "fraud", "refused",
]  # fmt: skip
Question = Literal["went", "settled", "paid", "found", "monthly"]
Why = Literal["far", "tired", "pay", "age", "experience", "full"]

_PATTERNS = patterns("follow_up")
_SAY = wording("follow_up")
#: The surest state first: the first whose pattern matches decides.
_STATES: tuple[State, ...] = (
    "refused", "fraud", "unpaid", "not_hired", "left", "unhappy", "looking", "not_gone", "working",
    "applied",
)  # fmt: skip
_REASONS: tuple[Why, ...] = ("far", "tired", "pay", "age", "experience", "full")
#: States that a bare yes and a bare no mean, by question.
_BARE: dict[Question, tuple[State, State]] = {
    "went": ("applied", "not_gone"),
    "settled": ("working", "unhappy"),
    "paid": ("working", "unpaid"),
    "found": ("working", "looking"),
    "monthly": ("working", "looking"),
}
#: Factors by which a proposal lowers or raises the pay.
LOWERED_PAY_FACTOR, RAISED_PAY_FACTOR = 0.9, 1.1
_AT_WORK = frozenset(("working", "unpaid", "unhappy"))


@dataclass(frozen=True)
class FollowUpAnswer:
    """An interpreted answer."""

    state: State
    why: Why | None = None
    """The reason given, None when none was."""


@dataclass(frozen=True)
class Proposal:
    """A change of the job preference that is proposed, and made only after a yes."""

    question: str
    """The question, in plain words."""
    slots: dict[str, Any] = field(default_factory=dict)
    """The slots that a yes sets."""


def interpret_answer(text: str, question: Question | None, act: str = "") -> FollowUpAnswer | None:
    """Return the state and reason in an answer; None when it tells none.

    `question` is what was asked last: a bare 没 or 嗯 has its meaning from it.
    """
    normalised = normalise(text).text
    why = next((name for name in _REASONS if _PATTERNS[name].search(normalised)), None)
    if question is not None and (
        _PATTERNS["bare_yes"].fullmatch(normalised) or _PATTERNS["bare_no"].fullmatch(normalised)
    ):
        return FollowUpAnswer(
            _BARE[question][bool(_PATTERNS["bare_no"].fullmatch(normalised))], why
        )
    for state in _STATES:
        if _PATTERNS[state].search(normalised):
            return FollowUpAnswer(state, why)
    if question is not None and act in ("affirm", "deny"):
        return FollowUpAnswer(_BARE[question][act == "deny"], why)
    return None


def question_for(step: int, state: str | None) -> Question:
    """Return the question so many days after a push (0: once a month) for a seeker in a state."""
    if step == 0:
        return "monthly"
    if step == 3:
        return "went"
    if state in _AT_WORK or state == "applied":
        return "settled" if step == 15 else "paid"
    return "found"


def propose(
    answer: FollowUpAnswer, occupations: Sequence[str], salary_min: int | None
) -> Proposal | None:
    """Return a change of the job preference that could help; None when there is none."""
    trades, pay = list(occupations), salary_min
    if answer.why == "pay" and pay and answer.state in ("unhappy", "left", "not_gone"):
        raised_pay = round(pay * RAISED_PAY_FACTOR, -2)
        return Proposal(
            _SAY("raise_pay", amount=raised_pay), {"salary_min": raised_pay, "salary_max": None}
        )
    if answer.state not in ("not_hired", "looking", "left", "unhappy"):
        return None
    substitutes = [
        substitute
        for trade in trades
        for substitute in trade_needs().substitutes(trade)
        if substitute not in trades
    ]
    if substitutes:
        similar_trades = list(dict.fromkeys(substitutes))[:3]
        return Proposal(
            _SAY("add_trades", trades="、".join(similar_trades)),
            {"occupation": trades + similar_trades},
        )
    if pay and answer.state in ("not_hired", "looking"):
        lowered_pay = round(pay * LOWERED_PAY_FACTOR, -2)
        return Proposal(
            _SAY("lower_pay", amount=lowered_pay),
            {"salary_min": lowered_pay, "salary_max": None},
        )
    return None
