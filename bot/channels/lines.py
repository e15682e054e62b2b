"""Who works on what, one after the other in the order of coming, within this process."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Lines:
    """A waiting line for each name; the one at its head works."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, name: str, lifetime: float) -> AsyncGenerator[None, None]:
        """Wait for a turn and work; after `lifetime` seconds of work the next goes on beside."""
        loop = asyncio.get_running_loop()
        mine: asyncio.Future[None] = loop.create_future()
        line = self._lines.setdefault(name, deque())
        line.append(mine)
        overdue: asyncio.TimerHandle | None = None
        try:
            if line[0] is not mine:
                await mine
            overdue = loop.call_later(lifetime, self._leave, name, mine)
            yield
        finally:
            if overdue is not None:
                overdue.cancel()
            self._leave(name, mine)

    def _leave(self, name: str, mine: asyncio.Future[None]) -> None:
        """Leave the line, once; the one who is at its head then is woken."""
        line = self._lines.get(name)
        if line is None or mine not in line:
            return
        line.remove(mine)
        if not line:
            del self._lines[name]
        elif not line[0].done():
            line[0].set_result(None)
