"""What was pushed to a web session and waits to be fetched: the page cannot be called."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any

from bot import clock
from bot.channels.web.said import said_by_bot
from bot.contact.history import save_messages
from bot.db.session import DatabaseError, session
from bot.push.states import fetch, waiting_addresses

logger = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def fetch_pushes(address: str) -> list[dict[str, Any]]:
    """Return what waits for a session, numbered; it counts as delivered now.

    It stands in the session's history in the same transaction: a connection that breaks in this
    moment finds it there. A database that is away keeps nobody from chatting: then it waits on.
    """
    try:
        # SQLite does not lock what is read: two tabs would fetch the same message twice.
        with _one_at_a_time, session() as db:
            bodies = [one.body for one in fetch(db, "web", address, clock.now()) if one.body]
            return save_messages(db, address, [said_by_bot(json.loads(body)) for body in bodies])
    except DatabaseError as away:
        logger.error("pushes could not be fetched: %s", type(away).__name__)
        return []


def waiting() -> set[str]:
    """Return the sessions for which something waits; none when the database is away."""
    try:
        with session() as db:
            return waiting_addresses(db, "web")
    except DatabaseError as away:
        logger.error("pushes could not be looked for: %s", type(away).__name__)
        return set()
