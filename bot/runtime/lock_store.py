"""Rasa's lock of a conversation: one message at a time, in their order, none waiting for a clock.

Rasa's own stores look once a second whether it is a message's turn. Here the one before wakes the
next: within this process, or through Redis (JIUYE_REDIS_URL) among all workers and the push worker.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.core.lock_store import LockStore

from bot.runtime.fifo_lock import FifoLock
from bot.runtime.redis_fifo_lock import RedisFifoLock
from bot.settings import settings

#: Seconds after which a message that is still being answered lets the next one go: longer than
#: the longest action, which Rasa's 60 are not.
LIFETIME = DEFAULT_REQUEST_TIMEOUT + 30.0


class QuickLockStore(LockStore):  # type: ignore[misc]
    """Named in endpoints.yml; shared by all processes with the same `JIUYE_REDIS_URL`."""

    def __init__(self, redis_url: str | None = None, **_: Any) -> None:
        configured = settings().redis_url if redis_url is None else None
        url = configured.reveal() if configured else redis_url
        self._lock = RedisFifoLock(url) if url else FifoLock()

    @asynccontextmanager
    async def lock(
        self,
        conversation_id: str,
        lock_lifetime: float = LIFETIME,
        wait_time_in_seconds: float = 0.0,
    ) -> AsyncGenerator[None, None]:
        """Hold a conversation's lock; raises LockError when the next holder is not known.

        `wait_time_in_seconds` is Rasa's and means nothing: nothing is looked at again and again.
        """
        async with self._lock.hold(conversation_id, lock_lifetime):
            yield
