"""The web channel: the widget's page, and its messages over socket.io.

A subclass of Rasa's own socket.io channel with what that lacks: sessions signed by the server,
several tabs, history, structured messages, limits, and errors in plain words.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from socketio import AsyncServer

from bot.channels.frame.before import linking
from bot.channels.frame.database import in_database
from bot.channels.frame.incoming import Incoming, Instead, Say
from bot.channels.frame.words import is_command
from bot.channels.inbound import clean
from bot.channels.render import full_text
from bot.channels.web.pushes import fetch_pushes
from bot.channels.web.sessions import Session, Sessions, secret
from bot.db.session import session as database
from bot.messages import Message
from bot.replies import reply
from bot.settings import ROOT, settings

logger = logging.getLogger(__name__)
STATIC = Path(__file__).resolve().parent / "static"
#: Files that the widget's page may ask for, with their types.
FILES = {
    "page.css": "text/css",
    "widget.js": "text/javascript",
    "vendor/socket.io.min.js": "text/javascript",
}
#: Nothing on the page may come from or go to another host.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:;"
    " object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
)
#: Bytes of one socket.io message; a text of a person is far below.
LONGEST = 256 * 1024
#: Where the page stands.
PREFIX = "/chat"


def said_by_bot(message: dict[str, Any]) -> dict[str, Any]:
    """Return a structured message as it stands in a session's history."""
    return {"from": "bot", "message": message, "text": full_text(message)}


class WebOutput(OutputChannel):  # type: ignore[misc]
    """Sends to all tabs of a session, and keeps what was sent."""

    def __init__(self, sio: AsyncServer, session: Session) -> None:
        self._sio = sio
        self._session = session
        self.said = 0
        """How many messages were sent."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "web"

    async def send(self, message: dict[str, Any]) -> None:
        """Send a structured message of the bot."""
        self.said += 1
        numbered = self._session.keep(said_by_bot(message))
        await self._sio.emit("bot_uttered", numbered, room=self._session.id)

    async def send_text_message(self, recipient_id: str, text: str, **_: Any) -> None:
        """Send plain text."""
        await self.send(Message(text=text).to_dict())

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **_: Any
    ) -> None:
        """Send a structured message."""
        await self.send(json_message)


class WebInput(SocketIOInput):  # type: ignore[misc]
    """Named in credentials.yml. The page stands at /chat/ on the bot's own port."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(session_persistence=True, socketio_path=f"{PREFIX}/socket.io")
        self.sessions = sessions

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel; the signing secret comes from the settings or a file."""
        return cls(Sessions(secret(ROOT / "var" / "secret", settings().secret)))

    def url_prefix(self) -> str:
        """Return where the routes hang; absolute, so not below /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent without a session: pushes go by the outbox, not through Rasa."""
        return None

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the page's routes with the socket attached."""
        sio = AsyncServer(
            async_mode="sanic", cors_allowed_origins=None, max_http_buffer_size=LONGEST
        )
        self.sio = sio
        routes: Blueprint = SocketBlueprint(sio, self.socketio_path, "web_widget", __name__)
        _serve_files(routes)
        people: dict[str, Session] = {}

        @sio.on("session_request")  # type: ignore[misc]
        async def session_request(sid: str, data: object) -> None:
            given = data if isinstance(data, dict) else {}
            session = self.sessions.resume(given.get("token"))
            people[sid] = session
            # Must be awaited from python-socketio 5.10 on; requirements.lock holds 5.9.
            sio.enter_room(sid, session.id)
            for pushed in fetch_pushes(session.id):
                session.keep(said_by_bot(pushed))
            seen = given.get("seq")
            confirmed = {
                "token": self.sessions.token(session),
                "messages": session.since(seen if isinstance(seen, int) else 0),
                "seq": session.count,
            }
            await sio.emit("session_confirm", confirmed, to=sid)

        @sio.on("disconnect")  # type: ignore[misc]
        async def disconnect(sid: str) -> None:
            people.pop(sid, None)

        @sio.on("user_uttered")  # type: ignore[misc]
        async def user_uttered(sid: str, data: object) -> None:
            session = people.get(sid)
            if session is None:
                return
            output = WebOutput(sio, session)
            if not session.may_send():
                await output.send(
                    Message(status="refused", text="您发得有点快，歇一下再发。").to_dict()
                )
                return
            text = clean(data.get("message") if isinstance(data, dict) else None)
            said = session.keep({"from": "person", "text": text})
            await sio.emit("person_uttered", said, room=session.id)
            for pushed in fetch_pushes(session.id):
                await WebOutput(sio, session).send(pushed)
            if is_command(text) and await self._linked(text, output, session):
                return
            await _handle(on_new_message, text, output, session)

        return routes

    async def _linked(self, text: str, output: WebOutput, session: Session) -> bool:
        """Show or take a code that links another channel; False when the text is neither."""
        incoming = Incoming("web", session.id, "", text)

        def ask() -> Say | Instead | None:
            with database() as db:
                return linking(self.sessions.secret)(db, incoming)

        said = await in_database(ask)
        if not isinstance(said, Say):
            return False
        for message in said.messages:
            await output.send(dict(message))
        return True


async def _handle(
    on_new_message: Callable[[UserMessage], Awaitable[Any]],
    text: str,
    output: WebOutput,
    session: Session,
) -> None:
    """Hand a text to Rasa; a failure is said plainly, and logged without the text."""
    try:
        await on_new_message(UserMessage(text, output, session.id, input_channel="web"))
    except Exception:
        logger.exception("message %s failed", uuid.uuid4().hex)
    if not output.said:
        # Rasa swallows the failure of an action server that is away: nothing said is a failure.
        await output.send(reply("error", None).to_dict())


def _serve_files(routes: Blueprint) -> None:
    headers = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }

    @routes.route("/", methods=["GET"])  # type: ignore[misc]
    async def page(_: Request) -> HTTPResponse:
        return await response.file(STATIC / "page.html", headers=headers)

    @routes.route("/static/<name:path>", methods=["GET"])  # type: ignore[misc]
    async def file(_: Request, name: str) -> HTTPResponse:
        if name not in FILES:
            return response.text("没有这个文件", 404)
        return await response.file(STATIC / name, mime_type=FILES[name], headers=headers)
