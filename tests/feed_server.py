"""A real HTTP server on this machine that answers as a test tells it to."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.postings.sources.config import Source

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Feed:
    """The server: `answers` are used one after another, the last one for ever."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, str]] = []
        self.url = ""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def gives(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def source(self, **settings: Any) -> Source:
        given = {"name": "供稿", "kind": "feed", "url": self.url, "wait_s": 0.01, **settings}
        return Source(**given)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _open(self) -> None:
        app = web.Application()
        app.router.add_get("/feed", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/feed"
        self._ready.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.headers))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)


def sends(body: Any, status: int = 200, kind: str = "application/json", **headers: str) -> Answer:
    """Return an answer with a body: bytes and text as they are, all else as JSON."""
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body, ensure_ascii=False)

    async def answer(_request: web.Request) -> web.StreamResponse:
        data = raw.encode() if isinstance(raw, str) else raw
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=data, status=status, headers={"Content-Type": kind, **named})

    return answer
