"""Dispatch of a message to the open question (slot `asked`), before its act is looked at."""

from __future__ import annotations

from collections.abc import Callable

from bot.handlers import (
    follow_up,
    inquiries,
    job_search,
    my_data,
    own_record,
    posting_feedback,
    posting_questions,
    register,
    subscribe,
)
from bot.messages import Message
from bot.place_handlers import course_news, reminders
from bot.turns.turn import Turn

Handler = Callable[[Turn], Message | None]

#: Handlers of the answer by the question; None from one: the message is about something else.
HANDLERS: dict[str, Handler] = {
    subscribe.PREFERENCE: subscribe.answer_wish,
    subscribe.CONSENT: subscribe.answer_consent,
    follow_up.QUESTION: follow_up.answer_follow_up_question,
    follow_up.PROPOSAL: follow_up.answer_proposal,
    my_data.DELETE: my_data.answer_delete,
    own_record.LINK: own_record.answer_link,
    posting_questions.POSTING_CHOICE: posting_questions.answer_posting_choice,
    posting_feedback.POSTING_CHOICE: posting_feedback.answer_posting_choice,
    posting_feedback.REPORT: posting_feedback.answer_report,
    register.PREFERENCE: register.answer_wish,
    register.CONSENT: register.answer_consent,
    reminders.CONSENT: reminders.answer_consent,
    course_news.CONSENT: course_news.answer_consent,
    inquiries.PAY_PLACE: inquiries.answer_place,
    job_search.OTHER_OCCUPATIONS: job_search.answer_others,
}


def answer_pending_question(turn: Turn) -> Message | None:
    """Return the answer to a turn that answers what was asked; None leaves it to the act.

    Then the question waits no longer.
    """
    handler = HANDLERS.get(str(turn.previous.open_question))
    if handler is None:
        return None
    message = handler(turn)
    if message is None:
        turn.set(asked=None, pending=None)
    return message
