"""A real socket.io client that speaks as the widget does."""

from __future__ import annotations

import asyncio
from typing import Any

import socketio

from tests.waiting import PATIENCE


class Widget:
    """One tab. `events` holds what the server has told it and nobody has asked for yet."""

    def __init__(self, transports: tuple[str, ...] = ("polling", "websocket")) -> None:
        self.transports = list(transports)
        self.client = socketio.AsyncClient(reconnection=False)
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        for name in ("session_confirm", "bot_uttered", "person_uttered", "forget", "hand_off"):
            self.client.on(name, lambda data, name=name: self.events.put_nowait((name, data)))

    async def open(
        self, server: str, token: str | None = None, seq: int = 0, **headers: str
    ) -> dict[str, Any]:
        await self.client.connect(
            server, headers, transports=self.transports, socketio_path="/chat/socket.io"
        )
        await self.client.emit("session_request", {"token": token, "seq": seq})
        confirmed: dict[str, Any] = await self.next("session_confirm")
        return confirmed

    async def next(self, wanted: str) -> Any:
        while True:
            name, data = await asyncio.wait_for(self.events.get(), PATIENCE)
            if name == wanted:
                return data

    async def say(self, text: object) -> Any:
        await self.client.emit("user_uttered", {"message": text})
        return await self.next("bot_uttered")
