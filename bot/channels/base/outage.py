"""Outages of database, locks and providers: transient errors and the wait until they pass."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from weakref import WeakKeyDictionary

from rasa.core.lock_store import LockError
from redis.exceptions import RedisError

from bot.db.session import is_unavailable, session
from bot.db.threads import in_database
from bot.delivery.outcome import SendLater
from bot.messaging.deduplication import mark_seen

#: Seconds between two tries: of the database and of Redis, of a provider at first and at most.
POLL_SECONDS, FIRST_BACKOFF_S, MAX_BACKOFF_S = 0.5, 5.0, 60.0
#: Seconds after which an answer is given up: the person has long gone on (as
#: bot.messaging.inbox_table).
MAX_ANSWER_AGE_S = 12 * 3600.0
#: Failures of the database within one message while it answers otherwise: then it is the message.
MAX_DATABASE_FAILURES = 5


def is_transient(error: BaseException | None) -> bool:
    """Tell whether what failed may succeed later: database, locks or provider are away."""
    while error is not None:
        if isinstance(error, (LockError, RedisError, SendLater)) or is_unavailable(error):
            return True
        error = error.__cause__ or error.__context__
    return False


async def wait_out(error: BaseException, failures: int) -> bool:
    """Wait until it is worth trying again what has failed so many times.

    True when the database was still away at the first look for it.
    """
    if isinstance(error, SendLater):
        await asyncio.sleep(min(MAX_BACKOFF_S, FIRST_BACKOFF_S * 2.0 ** (failures - 1)))
        return False
    await asyncio.sleep(POLL_SECONDS * min(failures, 6))
    return is_unavailable(error) and await _wait_for_database()


#: The one look for the database of each loop: of a thousand who wait one asks.
_polls: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[bool]] = WeakKeyDictionary()


async def _wait_for_database() -> bool:
    """Return once the database can be written to; whether it could not at first."""
    loop = asyncio.get_running_loop()
    look = _polls.get(loop)
    if look is None or look.done():
        look = _polls[loop] = loop.create_task(_poll_database())
    return await asyncio.shield(look)


async def _poll_database() -> bool:
    was_away = False
    while not await _database_is_writable():
        was_away = True
        await asyncio.sleep(POLL_SECONDS)
    return was_away


async def _database_is_writable() -> bool:
    """Tell whether the database can be written to."""
    try:
        await in_database(_probe_write)
    except Exception:
        return False
    return True


def _probe_write() -> None:
    """Write a row that is past its end at once: reading goes on while a disk is full."""
    with session() as db:
        mark_seen(db, "look", "database", timedelta(0))
