"""Poller of the outbox for the pages that are open: shows messages within a second.

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

from bot.channels.web.history import newest
from bot.channels.web.pushes import waiting_sessions
from bot.db.session import DatabaseError, session
from bot.db.threads import in_database
from bot.messaging.web_history import forget_expired
from bot.settings import settings

if TYPE_CHECKING:
    from bot.channels.web.channel import Connections

logger = logging.getLogger(__name__)
#: Seconds between two looks.
POLL_SECONDS = 0.7
#: Looks after which expired history is cleared away, and after which pages are told what is gone.
CLEAR_EVERY, FORGET_EVERY = 3000, 7
#: Sessions of one question to the database.
SESSIONS_PER_QUERY = 500
#: Seconds for a sign of life of Redis, and in which words of other workers may be missing after it
#: gave none: socket.io tries again after a minute at most.
PING_TIMEOUT_S, RESEND_WINDOW_S = 2.0, 75.0


class OutboxPoller:
    """Looks again and again while the server runs."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._task: asyncio.Task[None] | None = None
        using = settings()
        self._worker_link: WorkerLink | None = None
        if using.workers > 1 and using.redis_url is not None:
            self._worker_link = WorkerLink(using.redis_url.reveal())

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
            await asyncio.sleep(POLL_SECONDS)
            looks += 1
            try:
                await self._poll()
                if looks % FORGET_EVERY == 0:
                    await self._forget()
                    await self._hand_offs()
                    await self._catch_up()
                if looks % CLEAR_EVERY == 0:
                    await in_database(_clear)
            except Exception as error:
                # The edge of this worker: one failure must not end it for everybody.
                logger.error("open pages were not looked after: %s", type(error).__name__)

    async def _poll(self) -> None:
        here = self._connections.open_sessions
        if not here:
            return
        for name in await in_database(waiting_sessions) & here.keys():
            await self._connections.show_pushes(here[name])
            await self._connections.show_hand_off(here[name])

    async def _forget(self) -> None:
        """Data may have been deleted by another channel of the same person."""
        here = list(self._connections.open_sessions.values())
        for start in range(0, len(here), SESSIONS_PER_QUERY):
            await self._connections.show_forgotten(here[start : start + SESSIONS_PER_QUERY])

    async def _catch_up(self) -> None:
        """Show what other workers could not, while Redis was away; pages know what they have."""
        if self._worker_link is None:
            return
        since = await self._worker_link.missed_since(await in_database(newest))
        if since is not None:
            await self._connections.resend_since(since)

    async def _hand_offs(self) -> None:
        """Office hours begin, tickets end by another channel: what is told follows."""
        for web_session in list(self._connections.open_sessions.values()):
            if web_session.hand_off and web_session.hand_off["state"] != "none":
                await self._connections.show_hand_off(web_session)


class WorkerLink:
    """Link to the other workers over Redis, and the messages missed while it was down."""

    def __init__(self, redis_url: str) -> None:
        self._redis = redis.asyncio.Redis.from_url(
            redis_url, socket_timeout=PING_TIMEOUT_S, socket_connect_timeout=PING_TIMEOUT_S
        )
        self._good: deque[int] = deque(maxlen=2)
        self._until = 0.0

    async def missed_since(self, newest: int) -> int | None:
        """Return the number of the message after which some may be missing; None: none are.

        The listener of Redis comes back only after up to a minute, so that messages are resent for
        somewhat longer.
        """
        now = asyncio.get_running_loop().time()
        try:
            await self._redis.ping()
        except (redis.exceptions.RedisError, OSError):
            self._until = now + RESEND_WINDOW_S
        if now < self._until:
            return self._good[0] if self._good else 0
        self._good.append(newest)
        return None


def _clear() -> None:
    with contextlib.suppress(DatabaseError), session() as db:
        forget_expired(db)
