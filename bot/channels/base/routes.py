"""Methods as routes: Sanic 21.12 writes attributes on its handlers, which methods do not take."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[HTTPResponse]]


class NotKept(Exception):
    """A message could not be persisted: its sender gets no answer, and sends it again."""


def hang_up(request: Request) -> HTTPResponse:
    """End a request's connection without an answer."""
    transport: Any = request.transport
    if transport is not None:
        transport.abort()
    return response.empty(503)


def add(routes: Blueprint, method: str, paths: Sequence[str], handler: Handler) -> None:
    """Let a method answer some paths."""
    for path in paths:

        async def answer(request: Request, **_: Any) -> HTTPResponse:
            try:
                return await handler(request)
            except SanicException:
                raise
            except Exception:
                # Sanic would log the address with its query: a number, a text, a key.
                logger.exception("request %s failed", uuid.uuid4().hex)
                return response.text("failed", 500)

        name = f"{method}_{path.strip('/') or 'root'}".lower()
        routes.add_route(answer, path, methods=[method], name=name)


def when_started(routes: Blueprint, begin: Callable[[], object]) -> None:
    """Begin something when the server has started, in its loop."""

    @routes.listener("after_server_start")  # type: ignore[misc]
    async def start(*_: Any) -> None:
        begin()


def when_stopping(routes: Blueprint, close: Callable[[], Awaitable[None]]) -> None:
    """Close something when the server stops, while its loop still runs."""

    @routes.listener("before_server_stop")  # type: ignore[misc]
    async def stop(*_: Any) -> None:
        await close()
