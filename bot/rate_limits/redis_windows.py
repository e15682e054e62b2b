"""Moving windows in Redis, shared by all processes that open the same one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from contextlib import suppress
from weakref import WeakKeyDictionary

import redis.asyncio
from limits import RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from packaging.version import Version
from redis.exceptions import RedisError

from bot.keys import derived

logger = logging.getLogger(__name__)
#: Before every key, so that others may use the same Redis.
PREFIX = "jiuye"
#: Seconds that Redis may take for an entry, and between two looks whether it is back.
ANSWER_TIMEOUT_S, PROBE_INTERVAL_S = 1.0, 2.0
#: Ways in which Redis is away, or answers with an error.
_OUTAGES = (RedisError, OSError, asyncio.TimeoutError)


class _Storage(RedisStorage):
    """The storage of `limits` on redis 4.6, which Rasa needs; `limits` asks for 5.2.

    What it calls of the client (`register_script` and scripts) is the same in both.
    """

    STORAGE_SCHEME: list[str] = []
    DEPENDENCIES = {"redis": Version("4.6")}


class RedisWindows:
    """At most so many entries within a window of seconds for each name, in one Redis.

    One entry at a time is on its way, so that they come in their order. While Redis is away nothing
    waits for it; the first entry that finds out waits for `ANSWER_TIMEOUT_S`.
    """

    def __init__(self, url: str) -> None:
        pool = redis.asyncio.ConnectionPool.from_url(
            url, socket_timeout=ANSWER_TIMEOUT_S, socket_connect_timeout=ANSWER_TIMEOUT_S
        )
        storage = _Storage(
            "async+redis://", implementation="redispy", key_prefix=PREFIX,
            connection_pool=pool,  # type: ignore[arg-type]
        )  # fmt: skip
        self._limiter = MovingWindowRateLimiter(storage)
        self._order = asyncio.Lock()
        self._is_away = False
        self._probe: asyncio.Task[None] | None = None
        self._probed_at = 0.0

    async def acquire(self, scope: str, name: str, max_count: int, window: int) -> bool | None:
        """Enter one; False when the window is full, None while Redis is away."""
        async with self._order:
            if self._is_away:
                self._probe_when_due()
                return None
            try:
                return await self._enter(scope, name, max_count, window)
            except _OUTAGES as error:
                logger.warning(
                    "Redis is away (%s): limits are counted by each process alone",
                    type(error).__name__,
                )
                self._is_away, self._probed_at = True, asyncio.get_running_loop().time()
                return None

    async def _enter(self, scope: str, name: str, max_count: int, window: int) -> bool:
        item = RateLimitItemPerSecond(max_count, window, namespace="limits")
        entry = self._limiter.hit(item, scope, _digest(name))
        return await asyncio.wait_for(entry, ANSWER_TIMEOUT_S)

    def _probe_when_due(self) -> None:
        """Look whether Redis is back; no entry waits for the look."""
        loop = asyncio.get_running_loop()
        is_probing = self._probe is not None and not self._probe.done()
        if not is_probing and loop.time() - self._probed_at >= PROBE_INTERVAL_S:
            self._probed_at = loop.time()
            self._probe = loop.create_task(self._look())

    async def _look(self) -> None:
        with suppress(*_OUTAGES):  # by an entry: a Redis that cannot be written to answers pings
            await self._enter("probe", "", 1, 1)
            logger.warning("Redis is back: limits are counted over all processes")
            self._is_away = False


#: Connections belong to the loop that they were opened in.
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, RedisWindows]] = (
    WeakKeyDictionary()
)


def redis_windows(url: str) -> RedisWindows:
    """Return the windows of a Redis for the running loop."""
    by_url = _by_loop.setdefault(asyncio.get_running_loop(), {})
    if url not in by_url:
        by_url[url] = RedisWindows(url)
    return by_url[url]


def _digest(name: str) -> str:
    """Return a name as it stands in Redis: addresses of people do not."""
    return hmac.new(derived("rate limits"), name.encode(), hashlib.sha256).hexdigest()
