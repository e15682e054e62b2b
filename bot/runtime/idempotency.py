"""Idempotent replay: a repeated message gets the answer that was stored for it.

A turn's events, the person's words with their id and what was answered, are written in one
transaction. A message that is sent again because its answer was cut off gets that one; nothing is
done or stored twice.
"""

from __future__ import annotations

import logging

from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore

from bot.db.session import DatabaseError
from bot.runtime.tracker_store import DatabaseTrackerStore

logger = logging.getLogger(__name__)


class RepeatableMessage(UserMessage):  # type: ignore[misc]
    """A message with its sender's `message_id`; of lines read as one theirs, with spaces."""

    answered_later = False
    """True when it was read as one with a later line: the answer to that one answers both."""


async def replay_answer(message: UserMessage, store: TrackerStore) -> bool:
    """Say what was answered to a message; False when it has to be answered now.

    To be asked while the conversation's lock is held: until then it may be on its way.
    """
    store = getattr(store, "_tracker_store", store)  # within Rasa's FailSafeTrackerStore
    if not isinstance(message, RepeatableMessage) or not isinstance(store, DatabaseTrackerStore):
        return False
    try:
        stored = await store.answer_to(message.sender_id, message.message_id.split(" ")[-1])
    except DatabaseError as error:
        logger.error("not known whether it was answered: %s", type(error).__name__)
        return False
    if stored is None:
        return False
    message.answered_later = not stored.last
    for response in stored.messages if stored.last else ():
        await message.output_channel.send_response(message.sender_id, response)
    return True
