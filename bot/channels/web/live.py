"""Brings what the outbox holds to the pages that are open, within a second, whoever wrote it.

Looked for in the database, since the counsellor may sit at another process of the server.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from typing import TYPE_CHECKING, Any

import redis
import redis.asyncio

from bot.channels.frame.database import in_database
from bot.channels.web.kept import newest
from bot.channels.web.pushes import waiting
from bot.contact.history import forget_expired
from bot.db.session import DatabaseError, session
from bot.settings import settings

if TYPE_CHECKING:
    from bot.channels.web.channel import Visitors

logger = logging.getLogger(__name__)
#: Seconds between two looks.
EVERY = 0.7
#: Looks after which expired history is cleared away, and after which pages are told what is gone.
CLEAR_EVERY, FORGET_EVERY = 3000, 7
#: Sessions of one question to the database.
AT_ONCE = 500
#: Seconds for a sign of life of Redis, and in which words of other workers may be missing after it
#: gave none: socket.io tries again after a minute at most.
PING, MISSING = 2.0, 75.0


class Live:
    """Looks again and again while the server runs."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors
        self._task: asyncio.Task[None] | None = None
        using = settings()
        self._among = Among(using.redis_url) if using.workers != "1" else None

    async def start(self, *_: Any) -> None:
        """Begin to look."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self, *_: Any) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        looks = 0
        while True:
            await asyncio.sleep(EVERY)
            looks += 1
            try:
                await self._look()
                if looks % FORGET_EVERY == 0:
                    await self._forget()
                    await self._hand_offs()
                    await self._catch_up()
                if looks % CLEAR_EVERY == 0:
                    await in_database(_clear)
            except Exception as failed:
                # The edge of this worker: one failure must not end it for everybody.
                logger.error("open pages were not looked after: %s", type(failed).__name__)

    async def _look(self) -> None:
        here = self._visitors.here
        if not here:
            return
        for name in await in_database(waiting) & here.keys():
            await self._visitors.bring(here[name])
            await self._visitors.show_hand_off(here[name])

    async def _forget(self) -> None:
        """Data may have been deleted by another channel of the same person."""
        here = list(self._visitors.here.values())
        for at in range(0, len(here), AT_ONCE):
            await self._visitors.show_forgotten(here[at : at + AT_ONCE])

    async def _catch_up(self) -> None:
        """Show what other workers could not, while Redis was away; pages know what they have."""
        if self._among is None:
            return
        since = await self._among.missed_since(await in_database(newest))
        if since is not None:
            await self._visitors.show_again(since)

    async def _hand_offs(self) -> None:
        """Office hours begin, tickets end by another channel: what is told follows."""
        for one in list(self._visitors.here.values()):
            if one.hand_off and one.hand_off["state"] != "none":
                await self._visitors.show_hand_off(one)


class Among:
    """Whether the other workers' words reach the pages here."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            redis_url, socket_timeout=PING, socket_connect_timeout=PING
        )
        self._good: deque[int] = deque(maxlen=2)
        self._until = 0.0

    async def missed_since(self, newest: int) -> int | None:
        """Return the number of the message after which some may be missing; None: none are.

        Whoever listens to Redis comes back only after up to a minute, so that it is asked for again
        for somewhat longer.
        """
        now = asyncio.get_running_loop().time()
        try:
            await self._redis.ping()
        except (redis.exceptions.RedisError, OSError):
            self._until = now + MISSING
        if now < self._until:
            return self._good[0] if self._good else 0
        self._good.append(newest)
        return None


def _clear() -> None:
    with contextlib.suppress(DatabaseError), session() as db:
        forget_expired(db)
