"""Methods as routes: Sanic 21.12 writes attributes on its handlers, which methods do not take."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

Handler = Callable[[Request], Awaitable[HTTPResponse]]


def add(routes: Blueprint, method: str, paths: Sequence[str], handler: Handler) -> None:
    """Let a method answer some paths."""
    for path in paths:

        async def answer(request: Request, **_: Any) -> HTTPResponse:
            return await handler(request)

        name = f"{method}_{path.strip('/') or 'root'}".lower()
        routes.add_route(answer, path, methods=[method], name=name)


def when_stopping(routes: Blueprint, close: Callable[[], Awaitable[None]]) -> None:
    """Close something when the server stops, while its loop still runs."""

    @routes.listener("before_server_stop")  # type: ignore[misc]
    async def stop(*_: Any) -> None:
        await close()
