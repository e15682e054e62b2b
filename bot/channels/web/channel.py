"""The web channel: the widget's page, and its messages over socket.io.

A subclass of Rasa's own socket.io channel with what that lacks: sessions signed by the server,
several tabs, history, structured messages, and the dispatcher: each message answered once, in
order, also when a process dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, get_args

from rasa.core.channels.channel import InputChannel, OutputChannel
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint
from socketio import AsyncRedisManager, AsyncServer

from bot.channels.base.dispatcher import MessageDispatcher, OnNewMessage
from bot.channels.base.incoming import Structured
from bot.channels.base.middleware import link_code
from bot.channels.base.remote_address import other_machine
from bot.channels.base.routes import when_started, when_stopping
from bot.channels.base.ticket_routing import route_to_ticket
from bot.channels.web.connections import OutboxPoller
from bot.channels.web.engine import Socket
from bot.channels.web.files import PREFIX, serve_files
from bot.channels.web.history import (
    NOT_SAVED,
    messages_since,
    missed_messages,
    oldest_numbers,
    save_answer,
    save_person_message,
    save_vote,
    session_handoff_state,
)
from bot.channels.web.pushes import fetch_pushes
from bot.channels.web.sessions import Session, Sessions
from bot.db.threads import in_database
from bot.fixed_replies import reply
from bot.keys import installation_secret, old_secret
from bot.messaging.incoming import Incoming
from bot.messaging.web_history import Why
from bot.rate_limits.rate_limit import RateLimit
from bot.rendering.widget import bot_message_json
from bot.runtime.sanitise import clean
from bot.settings import settings

logger = logging.getLogger(__name__)
#: Bytes of one socket.io message; a text of a person is far below.
MAX_PACKET_BYTES = 256 * 1024
#: Messages that a person may send within seconds.
MAX_MESSAGES, MESSAGE_WINDOW_S = 20, 10
#: Messages that may come from one other machine: many people can share one address.
MAX_MESSAGES_PER_ADDRESS = 200
#: Seconds that a page waits at most to hear that its message is in the inbox.
INBOX_WRITE_TIMEOUT_S = 2.0
#: Messages that were written into the history and not into the inbox: shown when they come again.
MAX_UNCONFIRMED = 1_000
#: The id that a page gives a message.
_MESSAGE_ID = re.compile(r"^[\w.-]{1,64}$", re.ASCII)
#: Votes of a session within seconds.
MAX_VOTES, VOTES_WINDOW = 30, 60
#: Seconds in which all connections are ended when the server stops.
DISCONNECT_TIMEOUT_S = 2.0


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
        return cls(Sessions(installation_secret(), old_secret()))

    def url_prefix(self) -> str:
        """Return where the routes hang; absolute, so not below /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent without a session: pushes go by the outbox, not through Rasa."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the page's routes with the socket attached."""
        sio = Socket(
            async_mode="sanic", cors_allowed_origins=_origins(),
            max_http_buffer_size=MAX_PACKET_BYTES, **_among_workers(),
        )  # fmt: skip
        routes: Blueprint = SocketBlueprint(sio, self.socketio_path, "web_widget", __name__)
        serve_files(routes)
        connections = Connections(sio, self.sessions, on_new_message)
        when_started(routes, connections.open)
        sio.on("session_request", connections.connect)
        sio.on("disconnect", connections.forget_connection)
        sio.on("user_uttered", connections.receive)
        sio.on("vote", connections.vote)
        poller = OutboxPoller(connections)
        routes.listener("after_server_start")(poller.start)
        routes.listener("before_server_stop")(poller.stop)
        when_stopping(routes, connections.close)
        routes.listener("before_server_stop")(connections.disconnect_all)
        return routes


def _among_workers() -> dict[str, Any]:
    """Return the socket's options for several workers.

    Two requests of a polling client would reach two of them, so only websockets are let in. Tabs
    of one session may hang on different workers: Redis tells each what to show.
    """
    using = settings()
    if using.workers == 1:
        return {}
    assert using.redis_url is not None, "`serve --workers` asks for it"
    manager = AsyncRedisManager(using.redis_url.reveal())
    return {"transports": ["websocket"], "client_manager": manager}


def _origins() -> list[str] | None:
    """Return the sites that may open the socket; None: only this server's own pages."""
    using = settings()
    if not using.web_origins:
        return None
    return [*using.web_origins, f"http://{using.host}:{using.port}"]


class Connections:
    """Connections of open widgets, and the handlers of their events."""

    def __init__(self, sio: AsyncServer, sessions: Sessions, on_new_message: OnNewMessage) -> None:
        self._sio, self._sessions = sio, sessions
        self._session_by_sid: dict[str, Session] = {}
        middlewares = (link_code(sessions.secret), route_to_ticket)
        self._per_session, self._per_address = (
            RateLimit("web-session", MAX_MESSAGES, MESSAGE_WINDOW_S),
            RateLimit("web-address", MAX_MESSAGES_PER_ADDRESS, MESSAGE_WINDOW_S),
        )
        # What is too much is held off before it is kept; the dispatcher is never asked.
        self._dispatcher = MessageDispatcher(
            on_new_message, self._deliver, self._skip_remainder, middlewares,
            RateLimit("web-sender", 2 * MAX_MESSAGES, MESSAGE_WINDOW_S), self._notify_delay,
        )  # fmt: skip
        self._unconfirmed: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._votes = RateLimit("web-votes", MAX_VOTES, VOTES_WINDOW)

    @property
    def open_sessions(self) -> dict[str, Session]:
        """The sessions with an open page, by their id."""
        return {session.id: session for session in self._session_by_sid.values()}

    def open(self) -> None:
        """Begin to answer what a process that died has left."""
        self._dispatcher.open("web")

    async def close(self) -> None:
        """Answer what was said."""
        await self._dispatcher.close()

    async def connect(self, sid: str, data: object = None, *_: object) -> None:
        """Open or resume a session; tell what it has not seen and how its hand-off stands."""
        payload = data if isinstance(data, dict) else {}
        session, previous = (
            self._sessions.resume(payload.get("token")),
            self._session_by_sid.get(sid),
        )
        if previous is not None and previous is not session:
            await self._sio.leave_room(sid, previous.id)
        self._session_by_sid[sid] = session
        await self._sio.enter_room(sid, session.id)
        last_seen = payload.get("seq")
        last = last_seen if isinstance(last_seen, int) and 0 <= last_seen < 2**31 else 0
        messages, newest = await in_database(missed_messages, session.id, last)
        confirmed = {
            "token": self._sessions.token(session),
            "messages": messages,
            "seq": newest,
        }
        await self._sio.emit("session_confirm", confirmed, to=sid)
        await self.show_forgotten([session], anew=True)
        await self.show_hand_off(session, anew=True)

    async def forget_connection(self, sid: str) -> None:
        """Forget a connection; its session stays."""
        self._session_by_sid.pop(sid, None)

    async def disconnect_all(self, *_: object) -> None:
        """End all connections: a server that stops waits for open websockets, in vain."""
        if self._sio.eio.sockets:
            # It waits for whatever a client has not taken yet, also for one that is gone.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._sio.eio.disconnect(), DISCONNECT_TIMEOUT_S)

    async def receive(self, sid: str, data: object = None, *_: object) -> bool | str:
        """Take a person's message; it is shown on their tabs and answered by the dispatcher.

        With an `id` it may be sent again by a page that does not know whether it arrived. False
        when it is not taken: a connection without a session. "held" when it never will be, since
        too much came at once: the page shows it as not sent. "later" when it could not be kept: the
        page says so, and sends it again by itself.
        """
        session = self._session_by_sid.get(sid)
        if session is None:
            return False
        payload = data if isinstance(data, dict) else {}
        verdict = await self._per_session.check(session.id)
        if verdict == "ok" and (address := self._remote_address(sid)):
            verdict = await self._per_address.check(address)
        if verdict == "tell":
            await self._show(session, [reply("too_fast", None).to_dict()])
        if verdict != "ok":
            return "held"
        persisted = await self._accept(session, clean(payload.get("message")), payload.get("id"))
        return True if persisted else "later"

    def _remote_address(self, sid: str) -> str | None:
        request = (self._sio.get_environ(sid) or {}).get("sanic.request")
        return other_machine(request) if request else None

    async def _accept(self, session: Session, text: str, name: object) -> bool:
        """Hand a message to the dispatcher; False when it could not be kept."""
        message_id = name if isinstance(name, str) and _MESSAGE_ID.match(name) else ""
        key = f"{session.id}:{message_id or uuid.uuid4().hex}"
        async with session.order:
            message = await in_database(save_person_message, session.id, text, key, message_id)
            if message is NOT_SAVED:
                return False
            # One that came before is the dispatcher's too: the process may have died in between.
            pending = await self._dispatcher.receive(Incoming("web", session.id, key, text))
            message = message or self._unconfirmed.pop(key, None)
            persisted = await pending.wait_until_persisted(INBOX_WRITE_TIMEOUT_S)
            if message is not None and persisted:
                await self._sio.emit("person_uttered", message, room=session.id)
            elif (
                message is not None
            ):  # shown once it is kept: until then the page holds it as unsent
                self._unconfirmed[key] = dict(message)
                while len(self._unconfirmed) > MAX_UNCONFIRMED:
                    self._unconfirmed.popitem(last=False)
        if persisted:
            await self.show_pushes(session)
        return persisted

    async def _deliver(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        """Show an answer to all tabs of a session, wherever they are connected."""
        session = self._sessions.get_or_create(incoming.address)
        await self._show(session, messages, incoming)
        await self.show_forgotten([session])
        await self.show_hand_off(session)

    async def _notify_delay(self, incoming: Incoming) -> None:
        """Say on the open tabs that the answer comes later; it has no number and is not kept."""
        message = bot_message_json(reply("delayed", None).to_dict())
        await self._sio.emit("bot_uttered", message, room=incoming.address)

    async def _skip_remainder(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Leave an answer that a dead process had kept in the history: it is found there."""

    async def _show(
        self, session: Session, messages: Sequence[Structured], incoming: Incoming | None = None
    ) -> None:
        key, holder = (
            (incoming.key, self._dispatcher.holder_of(incoming)) if incoming else ("", None)
        )
        async with session.order:
            for message in await in_database(save_answer, session.id, messages, key, holder):
                await self._sio.emit("bot_uttered", message, room=session.id)

    async def vote(self, sid: str, data: object = None, *_: object) -> None:
        """Keep whether an answer helped, and why not."""
        session = self._session_by_sid.get(sid)
        if session is None or not isinstance(data, dict):
            return
        if await self._votes.check(session.id) != "ok":
            return
        seq, verdict, why = data.get("seq"), data.get("vote"), data.get("why")
        why = why if why in get_args(Why) else None
        if isinstance(seq, int) and 0 < seq < 2**31 and verdict in ("up", "down"):
            await in_database(save_vote, session.id, seq, verdict, why)

    async def show_pushes(self, session: Session) -> None:
        """Show a session what waits for it in the outbox."""
        async with session.order:
            for pushed in await in_database(fetch_pushes, session.id):
                await self._sio.emit("bot_uttered", pushed, room=session.id)

    async def show_forgotten(self, sessions: Sequence[Session], anew: bool = False) -> None:
        """Let the tabs take away what is not kept any more: deleted by the person, or expired.

        They are told the oldest number that is kept; None when nothing is.
        """
        first = await in_database(oldest_numbers, [session.id for session in sessions])
        if first is None:
            return
        for session in sessions:
            previous, now = session.kept_from, first.get(session.id, 0)
            session.kept_from = now
            if anew or (previous and now != previous):
                await self._sio.emit("forget", {"before": now or None}, room=session.id)

    async def resend_since(self, since: int) -> None:
        """Show the open pages here what was said after a number; each leaves out what it has."""
        for sid, session in list(self._session_by_sid.items()):
            for message in await in_database(messages_since, session.id, since):
                event = "person_uttered" if message.get("from") == "person" else "bot_uttered"
                await self._sio.emit(event, message, to=sid)

    async def show_hand_off(self, session: Session, anew: bool = False) -> None:
        """Tell a session's tabs how the hand-off stands, when that has changed."""
        now = await in_database(session_handoff_state, session.id)
        if now is not None and (anew or now != session.hand_off):
            session.hand_off = now
            await self._sio.emit("hand_off", now, room=session.id)
