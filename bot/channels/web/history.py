"""Database work of the web channel, each in a transaction of its own, for a thread.

While the database is away nothing is taken that is not kept, and an answer waits until it is back;
what only adds to the page (history, hand-off, votes) is left out.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot import clock
from bot.channels.web.pushes import fetch_pushes
from bot.db.session import DatabaseError, session
from bot.handoff.office_hours import office_hours, opening_text
from bot.handoff.seeker_messages import handoff_state
from bot.messages import erases
from bot.messaging import inbox_table, web_history
from bot.messaging.deduplication import mark_seen
from bot.messaging.web_history import Vote, Why, last, oldest, save_messages, since
from bot.rendering.widget import bot_message_json, person_message_json
from bot.unanswered.record import record_question

logger = logging.getLogger(__name__)
#: Words that could not be kept.
NOT_SAVED: dict[str, Any] = {}


def save_person_message(
    name: str, text: str, key: str, message_id: str = ""
) -> dict[str, Any] | None:
    """Keep a person's words; return them with their number, None when they came before, UNKEPT.

    `message_id` is the id that the page gave them.
    """
    message = person_message_json(text, message_id)
    try:
        with session() as db:
            return (
                save_messages(db, name, [message])[0]
                if mark_seen(db, "web", f"said:{key}")
                else None
            )
    except DatabaseError as error:
        logger.error("a message was not kept: %s", type(error).__name__)
        return NOT_SAVED


def save_answer(
    name: str, messages: Sequence[Mapping[str, Any]], key: str = "", holder: str | None = None
) -> list[dict[str, Any]]:
    """Keep what is answered to a session; return it with its numbers.

    `key` names the message in the inbox that is answered, `holder` who holds it: with that nothing
    is left to send, since an absent person finds it in the history. What is kept already, although
    its writer heard that it was not, is not kept twice. A message that all was deleted is not kept
    itself.
    Raises DatabaseError when an answer cannot be kept: it is shown later; HeldElsewhere when
    another process answers.
    """
    web_messages = [bot_message_json(message) for message in messages]
    if any(map(erases, messages)):
        return web_messages
    try:
        with session() as db:
            if holder is not None:
                if inbox_table.stored_answer(db, "web", key, holder) is not None:
                    return web_history.last_answers(db, name, len(web_messages))
                inbox_table.save_unsent(db, "web", key, [], holder)
            return save_messages(db, name, web_messages)
    except DatabaseError as error:
        if key:
            raise
        logger.error("a word of ours cannot be restored: %s", type(error).__name__)
        return web_messages


def missed_messages(name: str, last_seen: int) -> tuple[list[dict[str, Any]], int]:
    """Return what a session has not seen yet, what waits in the outbox last; and its last number.

    That number is lower than `last_seen` when the database does not go as far.
    """
    fetch_pushes(name)
    try:
        with session() as db:
            messages = since(db, name, last_seen)
            return messages, messages[-1]["seq"] if messages else min(last_seen, last(db))
    except DatabaseError as error:
        logger.error("a session was not restored: %s", type(error).__name__)
        return [], last_seen


def newest() -> int:
    """Return the highest number given to a message; 0 when it is not known."""
    try:
        with session() as db:
            return last(db)
    except DatabaseError as error:
        logger.error("not known what was said last: %s", type(error).__name__)
        return 0


def messages_since(name: str, last_seen: int) -> list[dict[str, Any]]:
    """Return a session's messages after a number; none when the database is away."""
    try:
        with session() as db:
            return since(db, name, last_seen)
    except DatabaseError as error:
        logger.error("a session was not looked at: %s", type(error).__name__)
        return []


def oldest_numbers(names: list[str]) -> dict[str, int] | None:
    """Return the number of each session's oldest message; None when that is not known."""
    try:
        with session() as db:
            return oldest(db, names)
    except DatabaseError as error:
        logger.error("not known what is kept: %s", type(error).__name__)
        return None


def session_handoff_state(name: str) -> dict[str, Any] | None:
    """Return how a session's hand-off stands; None when that is not known."""
    try:
        with session() as db:
            now = asdict(handoff_state(db, "web", name))
        return {**now, "when": _next_opening(now["state"])}
    except DatabaseError as error:
        logger.error("not known how the hand-off stands: %s", type(error).__name__)
        return None


def _next_opening(state: str) -> str | None:
    """Return when a counsellor will be there for a ticket that waits; None: now, or none waits."""
    now, hours = clock.now(), office_hours()
    return (
        opening_text(hours.next_opening(now), now)
        if state == "open" and not hours.are_open(now)
        else None
    )


def save_vote(name: str, seq: int, verdict: Vote, why: Why | None = None) -> bool:
    """Keep a vote of a session on an answer; False when it is not kept."""
    try:
        with session() as db:
            is_first = not web_history.voted_before(db, seq)
            if not web_history.save_vote(db, name, seq, verdict, why):
                return False
            if verdict == "down" and is_first:
                record_question(db, "voted_down", web_history.question_of(db, name, seq))
            return True
    except DatabaseError as error:
        logger.error("a vote was not kept: %s", type(error).__name__)
        return False
