"""Who is let in to the bot, in the order of coming, and when there are too many: for all channels.

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
AT_ONCE = 8
#: Messages that wait. A caller who can come again (REST) is asked to: he would wait for seconds,
#: and all after him longer still. What is kept until it is answered (web, SMS, WeChat) is taken.
MOST_WAITING = 400


class Crowd:
    """All who wait for the bot, in one line."""

    def __init__(self) -> None:
        self.waiting = 0
        """Messages that are not let in yet."""
        # One at a time looks for room: a semaphore by itself lets newcomers pass those who wait.
        self._turnstile = asyncio.Lock()
        self._room = asyncio.Semaphore(AT_ONCE)

    @property
    def too_many(self) -> bool:
        """Whether one more would wait too long."""
        return self.waiting >= MOST_WAITING

    @asynccontextmanager
    async def turn(
        self, before: Callable[[], Awaitable[None]] | None = None
    ) -> AsyncGenerator[None, None]:
        """Wait for a turn, one at each pass of the loop; `before` is awaited at the head of all."""
        self.waiting += 1
        try:
            async with self._turnstile:
                if before:
                    await before()
                await asyncio.sleep(0)
                await self._room.acquire()
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._room.release()


_crowds: WeakKeyDictionary[asyncio.AbstractEventLoop, Crowd] = WeakKeyDictionary()


def crowd() -> Crowd:
    """Return the crowd of the running loop: asyncio's primitives belong to one."""
    loop = asyncio.get_running_loop()
    if loop not in _crowds:
        _crowds[loop] = Crowd()
    return _crowds[loop]
