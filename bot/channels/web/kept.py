"""Database work of the web channel, each in a transaction of its own, for a thread.

A database that is away keeps nobody from chatting: then a message has no number, and is shown but
not restored.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.web.pushes import fetch_pushes
from bot.contact.history import Vote, keep, last, oldest, since, vote
from bot.db.session import session
from bot.tickets.seeker_side import standing

logger = logging.getLogger(__name__)


def kept(name: str, message: dict[str, Any]) -> dict[str, Any]:
    """Keep a message of a session; return it with its number."""
    try:
        with session() as db:
            return keep(db, name, [message])[0]
    except SQLAlchemyError as away:
        logger.error("a message cannot be restored: %s", type(away).__name__)
        return message


def returned(name: str, seen: int) -> tuple[list[dict[str, Any]], int]:
    """Return what a session has not seen yet, what waits in the outbox last; and its last number.

    That number is lower than `seen` when the database does not go as far.
    """
    fetch_pushes(name)
    try:
        with session() as db:
            messages = since(db, name, seen)
            return messages, messages[-1]["seq"] if messages else min(seen, last(db))
    except SQLAlchemyError as away:
        logger.error("a session was not restored: %s", type(away).__name__)
        return [], seen


def oldest_kept(names: list[str]) -> dict[str, int] | None:
    """Return the number of each session's oldest message; None when that is not known."""
    try:
        with session() as db:
            return oldest(db, names)
    except SQLAlchemyError as away:
        logger.error("not known what is kept: %s", type(away).__name__)
        return None


def stands(name: str) -> dict[str, Any] | None:
    """Return how a session's hand-off stands; None when that is not known."""
    try:
        with session() as db:
            return asdict(standing(db, "web", name))
    except SQLAlchemyError as away:
        logger.error("not known how the hand-off stands: %s", type(away).__name__)
        return None


def voted(name: str, seq: int, given: Vote) -> bool:
    """Keep a vote of a session on an answer; False when it is not kept."""
    try:
        with session() as db:
            return vote(db, name, seq, given)
    except SQLAlchemyError as away:
        logger.error("a vote was not kept: %s", type(away).__name__)
        return False
