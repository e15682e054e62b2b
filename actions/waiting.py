"""Dispatch of a message to the open question (slot `asked`), before its act is looked at."""

from __future__ import annotations

from collections.abc import Callable

from actions import (
    asked_of,
    follow_up,
    inquiries,
    jobs,
    listed,
    my_data,
    own_record,
    register,
    subscribe,
)
from actions.places import course_news, reminders
from actions.turn import Turn
from bot.messages import Message

Waiting = Callable[[Turn], Message | None]

#: Who takes the answer. None from it means that the person speaks of something else.
WAITING: dict[str, Waiting] = {
    subscribe.WISH: subscribe.answer_wish,
    subscribe.CONSENT: subscribe.answer_consent,
    follow_up.QUESTION: follow_up.answer_question,
    follow_up.PROPOSAL: follow_up.answer_proposal,
    my_data.DELETE: my_data.answer_delete,
    own_record.LINK: own_record.answer_link,
    asked_of.WHICH: asked_of.answer_posting_choice,
    listed.WHICH: listed.answer_posting_choice,
    listed.REPORT: listed.answer_report,
    register.WISH: register.answer_wish,
    register.CONSENT: register.answer_consent,
    reminders.CONSENT: reminders.answer_consent,
    course_news.CONSENT: course_news.answer_consent,
    inquiries.PLACE: inquiries.answer_place,
    jobs.OTHERS: jobs.answer_others,
}


def answer_pending_question(turn: Turn) -> Message | None:
    """Return the answer to a turn that answers what was asked; None leaves it to the act.

    Then the question waits no longer.
    """
    handler = WAITING.get(str(turn.previous.open_question))
    if handler is None:
        return None
    message = handler(turn)
    if message is None:
        turn.set(asked=None, pending=None)
    return message
