"""Pushes to web sessions that wait to be fetched: the page cannot be called."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

from bot import clock
from bot.db.session import DatabaseError, session
from bot.delivery.receipts import fetch, waiting_addresses
from bot.messaging.web_history import save_messages
from bot.rendering.widget import bot_message_json

logger = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def fetch_pushes(address: str) -> list[dict[str, Any]]:
    """Return what waits for a session, numbered; it counts as delivered now.

    It stands in the session's history in the same transaction: a connection that breaks in this
    moment finds it there. A database that is away does not stop the chat: then it waits on.
    """
    try:
        # SQLite does not lock what is read: two tabs would fetch the same message twice.
        with _one_at_a_time, session() as db:
            bodies = [
                delivery.body
                for delivery in fetch(db, "web", address, clock.now())
                if delivery.body
            ]
            return save_messages(
                db, address, [bot_message_json(json.loads(body)) for body in bodies]
            )
    except DatabaseError as error:
        logger.error("pushes could not be fetched: %s", type(error).__name__)
        return []


def waiting_sessions() -> set[str]:
    """Return the sessions for which something waits; none when the database is away."""
    try:
        with session() as db:
            return waiting_addresses(db, "web")
    except DatabaseError as error:
        logger.error("pushes could not be looked for: %s", type(error).__name__)
        return set()
