"""FIFO lock per key within this process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class FifoLock:
    """A waiting queue for each key; the ticket at its head holds the lock."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def hold(self, key: str, lifetime: float) -> AsyncGenerator[None, None]:
        """Wait for the lock and hold it; after `lifetime` seconds the next one gets it as well."""
        loop = asyncio.get_running_loop()
        ticket: asyncio.Future[None] = loop.create_future()
        queue = self._queues.setdefault(key, deque())
        queue.append(ticket)
        overdue: asyncio.TimerHandle | None = None
        try:
            if queue[0] is not ticket:
                await ticket
            overdue = loop.call_later(lifetime, self._release, key, ticket)
            yield
        finally:
            if overdue is not None:
                overdue.cancel()
            self._release(key, ticket)

    def _release(self, key: str, ticket: asyncio.Future[None]) -> None:
        """Leave the queue, once; the ticket then at its head is woken."""
        queue = self._queues.get(key)
        if queue is None or ticket not in queue:
            return
        queue.remove(ticket)
        if not queue:
            del self._queues[key]
        elif not queue[0].done():
            queue[0].set_result(None)
