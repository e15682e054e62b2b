"""Rate limit of senders, addresses and logins; the first excess is reported once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from bot.rate_limits.memory_windows import MemoryWindows
from bot.settings import settings

Verdict = Literal["ok", "tell", "silent"]


class RateLimit:
    """At most so many within a window of seconds for each name.

    Counted over all processes that share a Redis (`JIUYE_REDIS_URL`) and have a limit of the same
    `scope`; without Redis, and while it is away, by this process alone.
    """

    def __init__(
        self,
        scope: str,
        max_count: int,
        window: int,
        now: Callable[[], float] = time.monotonic,
        redis_url: str | None = None,
    ) -> None:
        self._counted = _Windows(scope, max_count, window, now, redis_url)
        self._warned = _Windows(f"{scope}-warned", 1, window, now, redis_url)

    async def check(self, name: str) -> Verdict:
        """Count one; `tell` for the first too many within a window, `silent` for the next."""
        if await self._counted.acquire(name):
            return "ok"
        return "tell" if await self._warned.acquire(name) else "silent"


class _Windows:
    """Windows in Redis, with those of this process for when it is away."""

    def __init__(
        self,
        scope: str,
        max_count: int,
        window: int,
        now: Callable[[], float],
        redis_url: str | None,
    ) -> None:
        self._scope, self._max_count, self._window = scope, max_count, window
        self._redis_url = redis_url
        self._memory = MemoryWindows(max_count, window, now)

    async def acquire(self, name: str) -> bool:
        """Enter one; False when the window is full.

        What Redis takes is entered in memory too: an outage gives nobody a new window.
        """
        shared = await self._acquire_shared(name)
        if shared is False:
            return False
        return self._memory.acquire(name) or shared is True

    async def _acquire_shared(self, name: str) -> bool | None:
        configured = settings().redis_url if self._redis_url is None else None
        url = configured.reveal() if configured else self._redis_url
        if not url:
            return None
        # Imported here: a process without Redis need not spend 60 ms on `limits`.
        from bot.rate_limits.redis_windows import redis_windows

        return await redis_windows(url).acquire(self._scope, name, self._max_count, self._window)
