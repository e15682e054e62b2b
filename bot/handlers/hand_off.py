"""Hand-off to a counsellor: on request, in despair, or after three unclear answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from bot.db.session import DatabaseError, connection, session
from bot.fixed_replies import reply
from bot.handoff.notices import hand_over, handoff_reply, with_counsellor_notice
from bot.handoff.tickets import (
    Case,
    Line,
    Opened,
    Reason,
    add_lines,
    closed_recently,
    open_ticket_id,
)
from bot.messages import Message
from bot.settings import settings
from bot.turns.transcript import in_words, last_answers, transcript
from bot.turns.turn import Turn
from bot.understanding.named_employer import named_employer

logger = logging.getLogger(__name__)
#: So many answers one after the other that help nobody bring a counsellor.
MAX_UNCLEAR_ANSWERS = 3


def answer_hand_off(turn: Turn) -> Message:
    """Answer 转人工: a counsellor is told, or the offices to ask are named."""
    try:
        return handoff_reply(_open(turn, "asked"))
    except DatabaseError as away:
        logger.error("no ticket was opened: %s", type(away).__name__)
        return reply("handoff", "handoff")


def with_counsellor(turn: Turn, messages: Sequence[Message]) -> list[Message]:
    """Return the answers, with a counsellor told in despair and after the third unclear answer.

    Words of help are said even if the database fails.
    """
    if not messages:
        return []
    reason: Reason | None = None
    if messages[0].status == "crisis":
        reason = "distress"
    elif _is_unclear(vars(messages[0])) and _was_unclear(turn):
        reason = "unclear"
    if reason is None:
        return list(messages)
    try:
        opened = _open(turn, reason)
    except DatabaseError as away:
        logger.error("no ticket was opened: %s", type(away).__name__)
        return list(messages)
    return [*messages[:-1], with_counsellor_notice(messages[-1], opened)]


def record_on_ticket(turn: Turn, messages: Sequence[Message]) -> None:
    """Keep the answers on the person's ticket while one is open, for the counsellor to read."""
    try:
        with connection() as db:
            ticket = open_ticket_id(db, turn.channel, turn.address)
        if ticket is not None:
            lines = [Line("bot", in_words(message.to_dict())) for message in messages]
            with session() as db:
                add_lines(db, ticket, lines)
    except DatabaseError as away:
        logger.error("an answer is not on its ticket: %s", type(away).__name__)


def _open(turn: Turn, reason: Reason) -> Opened | None:
    with session() as db:
        if reason == "unclear" and closed_recently(db, turn.channel, turn.address):
            return None
        lines = transcript(turn.past)
        told = [line.text for line in lines if line.sender == "seeker"]
        case = Case(
            turn.channel, turn.address, reason, lines, region_code=_home_code(turn),
            employer=named_employer(told),
        )  # fmt: skip
        return hand_over(db, case)


def _home_code(turn: Turn) -> str | None:
    """Return the region spoken of; None for none, and for one where no desk of ours is."""
    code, home = turn.current.region_code, settings().home_region
    return code if code and code != home and code[:2] == home[:2] else None


def _was_unclear(turn: Turn) -> bool:
    answers = last_answers(turn.past, MAX_UNCLEAR_ANSWERS - 1)
    return len(answers) == MAX_UNCLEAR_ANSWERS - 1 and all(
        _is_unclear(answer) for answer in answers
    )


def _is_unclear(answer: Mapping[str, object]) -> bool:
    """Tell whether an answer only asks what was meant, failed, or has nothing on the question."""
    status = answer.get("status")
    return status in ("error", "no_policy") or (
        status == "clarify" and answer.get("asks") == "topic"
    )
