"""Keeping of questions that the bot could not answer, without who asked."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.db.session import DatabaseError, session
from bot.messages import Clarify, Message
from bot.text.normalise import normalise
from bot.turns.arbitration import complains
from bot.turns.turn import Turn
from bot.unanswered.record import record_question

logger = logging.getLogger(__name__)
#: Acts of which nothing is kept: one's own data, and words of despair.
NOT_KEPT = frozenset(("my_data", "distress"))


def unanswered_kind(turn: Turn, messages: Sequence[Message]) -> str | None:
    """Return why the answers of a turn answer nothing (a key of KINDS); None when they do.

    A text said again within the talk is one question, not two.
    """
    acts = {message.act for message in messages}
    if not messages or acts & NOT_KEPT or any(m.status == "crisis" for m in messages):
        return None
    kind = _kind_of(turn, messages)
    return None if kind is None or _was_asked(turn) else kind


def _kind_of(turn: Turn, messages: Sequence[Message]) -> str | None:
    for message in messages:
        if message.status in ("no_policy", "out_of_scope"):
            return message.status
        if isinstance(message, Clarify) and message.asks == "topic":
            return "unclear"
    return "doubted" if complains(turn) else None


def record_unanswered(turn: Turn, kind: str | None) -> None:
    """Keep the question of a turn that was not answered; nothing for None."""
    if kind is None:
        return
    topic = turn.topics[0].name if turn.topics else None
    try:
        with session() as db:
            record_question(db, kind, turn.text, turn.current.region_code, turn.act, topic)
    except DatabaseError as away:
        logger.error("a question without an answer was not kept: %s", type(away).__name__)


def _was_asked(turn: Turn) -> bool:
    """Tell whether the person wrote the same before in this talk; the last event is of now."""
    plain = normalise(turn.text).text
    texts = [str(e.get("text") or "") for e in turn.past if e.get("event") == "user"]
    return sum(normalise(text).text == plain for text in texts) > 1
