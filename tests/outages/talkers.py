"""People who write on three channels without a pause, as their gateways and pages bring it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import aiohttp
import socketio
from aiohttp import web

from tests.channels.wechat.fake_api import FakeApi
from tests.channels.wechat.platform import Platform

#: Seconds between two tries of a gateway (in truth 5), and that it waits for an answer.
AGAIN, PATIENCE = 1.5, 10.0
#: Seconds between two messages of each channel.
PACE = 1.0
_NAMED = re.compile(r"你说：第(\w+)问")


@dataclass
class Ledger:
    """What was taken from people, and what they were answered."""

    taken: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)
    """All that people wrote, taken or not."""
    steps: dict[str, list[str]] = field(default_factory=dict)
    """What happened to each message, in order, with the second: to be read where one fails."""

    def answered(self, text: str, how: str = "answered") -> None:
        """Note an answer that a person sees."""
        for name in _NAMED.findall(text):
            self.answers[name] += 1
            self.note(name, how)

    def note(self, name: str, step: str) -> None:
        """Note what happened to a message."""
        self.steps.setdefault(name, []).append(f"{time.monotonic():.2f} {step}")

    @property
    def lost(self) -> set[str]:
        """What was taken and has no answer."""
        return {name for name in self.taken if not self.answers[name]}

    @property
    def twice(self) -> set[str]:
        """What was answered more than once."""
        return {name for name, times in self.answers.items() if times > 1}


@dataclass
class Gateway:
    """Kannel's sendsms: takes texts, or refuses all of them with 503."""

    ledger: Ledger
    port: int
    refuses: bool = False
    refused: int = 0

    async def send(self, request: web.Request) -> web.Response:
        if self.refuses:
            self.refused += 1
            return web.Response(status=503)
        gone = request.transport is None or request.transport.is_closing()
        self.ledger.answered(request.query["text"], "by gateway" + (", who asked is gone" * gone))
        return web.Response(status=202, text="0: Accepted for delivery")

    @contextlib.asynccontextmanager
    async def serving(self) -> Any:
        app = web.Application()
        app.router.add_get("/cgi-bin/sendsms", self.send)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        try:
            yield self
        finally:
            await runner.cleanup()


class Talkers:
    """Everybody who writes; ends when told to."""

    def __init__(self, url: str, ledger: Ledger, api: FakeApi, pages: int = 6) -> None:
        self._url, self._ledger, self._api = url, ledger, api
        self._platform = Platform(f"{url}/webhooks/wechat", api)
        self._numbers = itertools.count()
        self._stopped = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self.pages = [Page(url, ledger) for _ in range(pages)]

    async def run(self) -> None:
        """Write on all channels until stopped; then wait until all was brought to the server."""
        async with aiohttp.ClientSession() as http:
            while not self._stopped.is_set():
                for channel in ("sms", "wechat", "web"):
                    self._begin(http, channel)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), PACE)
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=120)

    def stop(self) -> None:
        self._stopped.set()

    async def close(self) -> None:
        for page in self.pages:
            await page.close()

    def _begin(self, http: aiohttp.ClientSession, channel: str) -> None:
        number = next(self._numbers)
        name = f"{channel}{number}"
        self._ledger.said.add(name)
        work = {"sms": self._by_sms, "wechat": self._by_wechat, "web": self._by_page}[channel]
        task = asyncio.create_task(work(http, number, name))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _by_sms(self, http: aiohttp.ClientSession, number: int, name: str) -> None:
        handset = f"1380{number % 10_000_000:07d}"
        given = {"from": handset, "id": uuid.uuid4().hex, "text": f"第{name}问。"}
        while True:
            self._ledger.note(name, "brought")
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with http.get(
                    f"{self._url}/webhooks/sms/mo", params=given,
                    timeout=aiohttp.ClientTimeout(total=PATIENCE),
                ) as answer:  # fmt: skip
                    self._ledger.note(name, str(answer.status))
                    if answer.status == 200:
                        self._ledger.taken.add(name)
                        return
            await asyncio.sleep(AGAIN)

    async def _by_wechat(self, _: aiohttp.ClientSession, number: int, name: str) -> None:
        openid = f"o{number:027d}"
        xml = self._platform.xml(
            openid, MsgType="text", Content=f"第{name}问。", MsgId=f"{uuid.uuid4().int}"[:17]
        )
        self._api.wrote(openid)
        while True:
            self._ledger.note(name, "brought")
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                answer = await asyncio.wait_for(self._platform.post(xml, openid), 5.0)
                self._ledger.note(name, f"{answer.status} {answer.text}")
                if answer.status == 200:
                    self._ledger.taken.add(name)
                    self._ledger.answered(answer.text, "in the reply")
                    return
            await asyncio.sleep(AGAIN)

    async def _by_page(self, _: aiohttp.ClientSession, number: int, name: str) -> None:
        await self.pages[number // 3 % len(self.pages)].say(name)


class Page:
    """One open page, which does what widget.js does: sends again, connects again, shows once."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self._url, self._ledger = url, ledger
        self._token: str | None = None
        self._seq = 0
        self._shown: set[int] = set()
        self._client: socketio.AsyncClient | None = None
        self._closing = False
        self._ready = asyncio.Event()
        self._connecting = asyncio.Lock()
        self._opening: asyncio.Task[None] | None = None
        self.connections = 0

    async def open(self) -> None:
        """Connect, again and again until it works."""
        async with self._connecting:
            while not self._closing and not self._ready.is_set():
                await self._disconnect()
                client = self._client = socketio.AsyncClient(reconnection=False)
                client.on("session_confirm", self._confirmed)
                client.on("bot_uttered", self._take)
                client.on("disconnect", partial(self._gone, client))
                try:
                    await asyncio.wait_for(
                        client.connect(
                            self._url, transports=["websocket"], socketio_path="/chat/socket.io"
                        ),
                        PATIENCE,
                    )
                    asked = {"token": self._token, "seq": self._seq}
                    await client.emit("session_request", asked)
                    await asyncio.wait_for(self._ready.wait(), PATIENCE)
                    self.connections += 1
                except (socketio.exceptions.SocketIOError, asyncio.TimeoutError, OSError):
                    await asyncio.sleep(AGAIN)

    async def close(self) -> None:
        self._closing = True
        if self._opening is not None:
            self._opening.cancel()
        await self._disconnect()

    async def say(self, name: str) -> None:
        """Send until the server says that it has it."""
        given = {"message": f"第{name}问。", "id": uuid.uuid4().hex}
        while not self._closing:
            await self.open()
            assert self._client is not None
            try:
                taken = await self._client.call("user_uttered", given, timeout=PATIENCE)
            except (socketio.exceptions.SocketIOError, asyncio.TimeoutError):
                taken = None
            self._ledger.note(name, f"taken: {taken}")
            if taken is True:
                self._ledger.taken.add(name)
                return
            await asyncio.sleep(AGAIN)

    async def _disconnect(self) -> None:
        if self._client is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._client.disconnect(), 2)

    async def _confirmed(self, given: dict[str, Any]) -> None:
        self._token = given["token"]
        for message in given["messages"]:
            self._take(message)
        self._ready.set()

    def _gone(self, client: socketio.AsyncClient, *_: object) -> None:
        """Connect again, whether or not there is anything to say: an answer may be on its way."""
        if client is not self._client:
            return
        self._ready.clear()
        if not self._closing:
            self._opening = asyncio.create_task(self.open())

    def _take(self, message: dict[str, Any]) -> None:
        seq = message.get("seq")
        if message.get("from") == "person":
            return
        if seq:
            if seq in self._shown:
                return
            self._shown.add(seq)
            self._seq = max(self._seq, seq)
        self._ledger.answered(message.get("text") or "", f"on the page as {seq}")
