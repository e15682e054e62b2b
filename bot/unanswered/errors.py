"""Errors of groups of questions.

QuestionGroupError
├── NoSuchGroup       there is none of that number
├── NoSuchPolicy      no policy has that id
└── ReasonMissing     what is not ours needs a reason
"""

from __future__ import annotations

from bot.wording import wording

_SAY = wording("unanswered")


class QuestionGroupError(ValueError):
    """Base of errors of groups; `str()` is a Chinese sentence for the page."""


class NoSuchGroup(QuestionGroupError):
    """There is no such group."""

    def __init__(self, number: int) -> None:
        super().__init__(_SAY("no_such_group", number=number))


class NoSuchPolicy(QuestionGroupError):
    """No policy that is loaded has that id."""

    def __init__(self, policy_id: str) -> None:
        super().__init__(_SAY("no_such_policy", policy=policy_id))


class ReasonMissing(QuestionGroupError):
    """What is not ours needs a reason."""

    def __init__(self) -> None:
        super().__init__(_SAY("reason_missing"))
