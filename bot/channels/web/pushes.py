"""What was pushed to a web session and waits to be fetched: the page cannot be called."""

from __future__ import annotations

import json
import logging
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.db.session import session
from bot.push.states import fetch

logger = logging.getLogger(__name__)


def fetch_pushes(address: str) -> list[dict[str, Any]]:
    """Return the structured messages that wait for a session; they count as delivered now.

    A database that is away keeps nobody from chatting: then they wait on.
    """
    try:
        with session() as db:
            waiting = fetch(db, "web", address, clock.now())
            return [json.loads(one.body) for one in waiting if one.body]
    except SQLAlchemyError as away:
        logger.error("pushes could not be fetched: %s", type(away).__name__)
        return []
