"""A REST channel for tests of the load: it notes what comes and answers as the test wants."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = Callable[[str, str], Awaitable[web.Response]]


async def echo(sender: str, message: str) -> web.Response:
    """Answer with the message."""
    return web.json_response([{"recipient_id": sender, "text": message}])


@dataclass
class Chat:
    """The server, and what came to it."""

    answer: Answer = echo
    """How each message is answered."""
    url: str = ""
    """Its address."""
    came: list[tuple[float, str, str]] = field(default_factory=list)
    """When (monotonic seconds), from whom, what."""
    most_at_once: int = 0
    """The most messages that waited for an answer at one time."""
    _waiting: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Note a message and answer it."""
        body = await request.json()
        self.came.append((time.monotonic(), body["sender"], body["message"]))
        self._waiting += 1
        self.most_at_once = max(self.most_at_once, self._waiting)
        try:
            await asyncio.sleep(0)
            return await self.answer(body["sender"], body["message"])
        finally:
            self._waiting -= 1


@asynccontextmanager
async def chatting(answer: Answer = echo) -> AsyncIterator[Chat]:
    """Run such a server."""
    chat = Chat(answer)
    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", chat.take)
    async with TestServer(app) as server:
        chat.url = str(server.make_url("")).rstrip("/")
        yield chat
