"""Admission of messages to the bot: a concurrency limit with a bounded FIFO queue for all channels.

The bot works in the very loop that reads requests, often without a pause from a message to its
answer. Of all who are ready each would run before a request is read or a deadline is looked at, and
of a hundred that run in turns each is ready only when nearly all are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

#: Messages that the bot answers at once: more only make each slower on the same cores.
MAX_CONCURRENT = 8
#: Messages that wait. A caller that can come again (REST) is asked to: it would wait for seconds,
#: and all after it longer still. Persisted messages (web, SMS, WeChat) are accepted.
MAX_QUEUE = 400


class AdmissionQueue:
    """Messages that wait for the bot, in one queue."""

    def __init__(self) -> None:
        self.waiting = 0
        """Messages that are not let in yet."""
        # One at a time looks for room: a semaphore by itself lets newcomers pass those who wait.
        self._turnstile = asyncio.Lock()
        self._room = asyncio.Semaphore(MAX_CONCURRENT)

    @property
    def is_full(self) -> bool:
        """True when a further message would wait too long."""
        return self.waiting >= MAX_QUEUE

    @asynccontextmanager
    async def admit(
        self, before_admission: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[None, None]:
        """Wait for admission, one at each pass of the loop.

        `before_admission` is awaited at the head of the queue.
        """
        self.waiting += 1
        try:
            async with self._turnstile:
                if before_admission:
                    await before_admission()
                await asyncio.sleep(0)
                await self._room.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._room.release()


_queues: WeakKeyDictionary[asyncio.AbstractEventLoop, AdmissionQueue] = WeakKeyDictionary()


def admission_queue() -> AdmissionQueue:
    """Return the crowd of the running loop: asyncio's primitives belong to one."""
    loop = asyncio.get_running_loop()
    if loop not in _queues:
        _queues[loop] = AdmissionQueue()
    return _queues[loop]
