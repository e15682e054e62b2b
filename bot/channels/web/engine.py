"""The socket's engine with what Sanic needs from it to end a connection quietly."""

from __future__ import annotations

import logging
from typing import Any

from engineio import AsyncServer as Engine
from sanic import response
from sanic.request import Request
from socketio import AsyncServer

logger = logging.getLogger(__name__)


def _short(record: logging.LogRecord) -> bool:
    """Let the libraries name a failure without its trace: anybody can cause one a packet."""
    if record.exc_info and record.exc_info[0]:
        record.msg, record.args = f"{record.getMessage()}: {record.exc_info[0].__name__}", ()
        record.exc_info = None
    return True


for _library in ("engineio.server", "socketio.server"):
    logging.getLogger(_library).addFilter(_short)


class Socket(AsyncServer):  # type: ignore[misc]
    """A socket.io server on the engine below. Who sends what is no packet is hung up on."""

    async def _handle_eio_message(self, eio_sid: str, data: object) -> None:
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception as error:
            # Events run in tasks of their own: this is what cannot be read, and none of its text.
            logger.warning("a socket sent what is no packet: %s", type(error).__name__)
            await self.eio.disconnect(eio_sid)

    def _engineio_server_class(self) -> type[Engine]:
        return SanicEngine


class SanicEngine(Engine):  # type: ignore[misc]
    """Two faults of engineio 4.8 under Sanic 21.12 are mended here.

    A websocket that has ended leaves no response, and Sanic takes that for a failure of the handler
    ("Invalid response type None") unless the handler says that it is one for websockets. And a POST
    that names no session raises TypeError.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = super().handle_request

        async def handle_request(request: Request) -> Any:
            if request.method == "POST" and not request.args.get("sid"):
                return response.text("no session", 400)
            try:
                return await inner(request)
            except Exception as error:
                if request.headers.get("Upgrade", "").lower() != "websocket":
                    raise
                # The connection ends here; the engine forgets its socket at the next ping.
                logger.warning("a websocket ended: %s", type(error).__name__)
                return None

        handle_request.is_websocket = True  # type: ignore[attr-defined]
        self.handle_request = handle_request
