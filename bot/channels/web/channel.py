"""The web channel: the widget's page, and its messages over socket.io.

A subclass of Rasa's own socket.io channel with what that lacks: sessions signed by the server,
several tabs, history, structured messages, and the channels' desk: each message answered once, in
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

from bot.channels.frame.before import linking
from bot.channels.frame.counselled import counselled
from bot.channels.frame.database import in_database
from bot.channels.frame.desk import Desk, OnNewMessage
from bot.channels.frame.incoming import Incoming, Structured
from bot.channels.frame.limits import Limit, other_machine
from bot.channels.frame.routes import when_started, when_stopping
from bot.channels.inbound import clean
from bot.channels.web.engine import Socket
from bot.channels.web.files import PREFIX, serve_files
from bot.channels.web.kept import (
    UNKEPT,
    kept_answer,
    kept_words,
    oldest_kept,
    returned,
    said_since,
    stands,
    voted,
)
from bot.channels.web.live import Live
from bot.channels.web.pushes import fetch_pushes
from bot.channels.web.said import said_by_bot
from bot.channels.web.sessions import Session, Sessions
from bot.contact.history import Why
from bot.keys import installation_secret, old_secret
from bot.replies import reply
from bot.settings import settings

logger = logging.getLogger(__name__)
#: Bytes of one socket.io message; a text of a person is far below.
LONGEST = 256 * 1024
#: Messages that a person may send within seconds.
MOST, WINDOW = 20, 10.0
#: Messages that may come from one other machine: many people can sit behind one address.
MOST_FROM = 200
#: Seconds that a page waits at most to hear that its message is in the inbox.
KEEPING = 2.0
#: Messages that were written into the history and not into the inbox: shown when they come again.
MOST_UNCONFIRMED = 1_000
#: The id that a page gives a message.
_NAME = re.compile(r"^[\w.-]{1,64}$", re.ASCII)
#: Votes of a session within seconds.
MOST_VOTES, VOTES_WINDOW = 30, 60.0
#: Seconds in which all connections are ended when the server stops.
HANGS_UP = 2.0


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
            async_mode="sanic", cors_allowed_origins=_origins(), max_http_buffer_size=LONGEST,
            **_among_workers(),
        )  # fmt: skip
        routes: Blueprint = SocketBlueprint(sio, self.socketio_path, "web_widget", __name__)
        serve_files(routes)
        visitors = Visitors(sio, self.sessions, on_new_message)
        when_started(routes, visitors.open)
        sio.on("session_request", visitors.come)
        sio.on("disconnect", visitors.leave)
        sio.on("user_uttered", visitors.say)
        sio.on("vote", visitors.vote)
        live = Live(visitors)
        routes.listener("after_server_start")(live.start)
        routes.listener("before_server_stop")(live.stop)
        when_stopping(routes, visitors.close)
        routes.listener("before_server_stop")(visitors.hang_up)
        return routes


def _among_workers() -> dict[str, Any]:
    """Return what the socket needs beside other workers.

    Two requests of a polling client would reach two of them, so only websockets are let in. Tabs
    of one session may hang on different workers: Redis tells each what to show.
    """
    using = settings()
    if using.workers == "1":
        return {}
    return {"transports": ["websocket"], "client_manager": AsyncRedisManager(using.redis_url)}


def _origins() -> list[str] | None:
    """Return the sites that may open the socket; None: only this server's own pages."""
    using = settings()
    named = [one.strip().rstrip("/") for one in using.web_origins.split(",") if one.strip()]
    return [*named, f"http://{using.host}:{using.port}"] if named else None


class Visitors:
    """The open widgets, and what each of their messages brings about."""

    def __init__(self, sio: AsyncServer, sessions: Sessions, on_new_message: OnNewMessage) -> None:
        self._sio, self._sessions = sio, sessions
        self._people: dict[str, Session] = {}
        before = (linking(sessions.secret), counselled)
        self._said, self._from = Limit(MOST, WINDOW), Limit(MOST_FROM, WINDOW)
        # What is too much is held off before it is kept; the desk is never asked.
        self._desk = Desk(
            on_new_message, self._deliver, self._nothing_left, before, Limit(2 * MOST, WINDOW),
            self._tell_delay,
        )  # fmt: skip
        self._unconfirmed: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._votes = Limit(MOST_VOTES, VOTES_WINDOW)

    @property
    def here(self) -> dict[str, Session]:
        """The sessions whose page is open, by their id."""
        return {session.id: session for session in self._people.values()}

    def open(self) -> None:
        """Begin to answer what a process that died has left."""
        self._desk.open("web")

    async def close(self) -> None:
        """Answer what was said."""
        await self._desk.close()

    async def come(self, sid: str, data: object = None, *_: object) -> None:
        """Open or resume a session; tell what it has not seen and how its hand-off stands."""
        given = data if isinstance(data, dict) else {}
        session, before = self._sessions.resume(given.get("token")), self._people.get(sid)
        if before is not None and before is not session:
            await self._sio.leave_room(sid, before.id)
        self._people[sid] = session
        await self._sio.enter_room(sid, session.id)
        seen = given.get("seq")
        last = seen if isinstance(seen, int) and 0 <= seen < 2**31 else 0
        messages, newest = await in_database(returned, session.id, last)
        confirmed = {
            "token": self._sessions.token(session),
            "messages": messages,
            "seq": newest,
        }
        await self._sio.emit("session_confirm", confirmed, to=sid)
        await self.show_forgotten([session], anew=True)
        await self.show_hand_off(session, anew=True)

    async def leave(self, sid: str) -> None:
        """Forget a connection; its session stays."""
        self._people.pop(sid, None)

    async def hang_up(self, *_: object) -> None:
        """End all connections: a server that stops waits for open websockets, in vain."""
        if self._sio.eio.sockets:
            # It waits for whatever a client has not taken yet, also for one that is gone.
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._sio.eio.disconnect(), HANGS_UP)

    async def say(self, sid: str, data: object = None, *_: object) -> bool | str:
        """Take a person's message; it is shown to his tabs and answered by the desk.

        With an `id` it may be sent again by a page that does not know whether it arrived. False
        when it is not taken: a connection without a session. "held" when it never will be, since
        too much came at once: the page shows it as not sent. "later" when it could not be kept: the
        page says so, and sends it again by itself.
        """
        session = self._people.get(sid)
        if session is None:
            return False
        given = data if isinstance(data, dict) else {}
        verdict = self._said.check(session.id)
        if verdict == "ok" and (address := self._far(sid)):
            verdict = self._from.check(address)
        if verdict == "tell":
            await self._show(session, [reply("too_fast", None).to_dict()])
        if verdict != "ok":
            return "held"
        kept = await self._take(session, clean(given.get("message")), given.get("id"))
        return True if kept else "later"

    def _far(self, sid: str) -> str | None:
        request = (self._sio.get_environ(sid) or {}).get("sanic.request")
        return other_machine(request) if request else None

    async def _take(self, session: Session, text: str, name: object) -> bool:
        """Hand a message to the desk; False when it could not be kept."""
        given = name if isinstance(name, str) and _NAME.match(name) else ""
        key = f"{session.id}:{given or uuid.uuid4().hex}"
        async with session.order:
            said = await in_database(kept_words, session.id, text, key, given)
            if said is UNKEPT:
                return False
            # One that came before is the desk's too: the process may have died in between.
            turn = self._desk.receive(Incoming("web", session.id, key, text))
            said = said or self._unconfirmed.pop(key, None)
            kept = await turn.kept(KEEPING)
            if said is not None and kept:
                await self._sio.emit("person_uttered", said, room=session.id)
            elif said is not None:  # shown once it is kept: until then the page holds it as unsent
                self._unconfirmed[key] = dict(said)
                while len(self._unconfirmed) > MOST_UNCONFIRMED:
                    self._unconfirmed.popitem(last=False)
        if kept:
            await self.bring(session)
        return kept

    async def _deliver(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        """Show an answer to all tabs of a session, wherever they are connected."""
        session = self._sessions.known(incoming.address)
        await self._show(session, messages, incoming.key)
        await self.show_forgotten([session])
        await self.show_hand_off(session)

    async def _tell_delay(self, incoming: Incoming) -> None:
        """Say on the open tabs that the answer comes later; it has no number and is not kept."""
        said = said_by_bot(reply("delayed", None).to_dict())
        await self._sio.emit("bot_uttered", said, room=incoming.address)

    async def _nothing_left(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Leave an answer that a dead process had kept in the history: it is found there."""

    async def _show(self, session: Session, messages: Sequence[Structured], key: str = "") -> None:
        async with session.order:
            for one in await in_database(kept_answer, session.id, messages, key):
                await self._sio.emit("bot_uttered", one, room=session.id)

    async def vote(self, sid: str, data: object = None, *_: object) -> None:
        """Keep whether an answer helped, and why not."""
        session = self._people.get(sid)
        if session is None or not isinstance(data, dict) or self._votes.check(session.id) != "ok":
            return
        seq, given, why = data.get("seq"), data.get("vote"), data.get("why")
        why = why if why in get_args(Why) else None
        if isinstance(seq, int) and 0 < seq < 2**31 and given in ("up", "down"):
            await in_database(voted, session.id, seq, given, why)

    async def bring(self, session: Session) -> None:
        """Show a session what waits for it in the outbox."""
        async with session.order:
            for pushed in await in_database(fetch_pushes, session.id):
                await self._sio.emit("bot_uttered", pushed, room=session.id)

    async def show_forgotten(self, sessions: Sequence[Session], anew: bool = False) -> None:
        """Let the tabs take away what is not kept any more: deleted by the person, or expired.

        They are told the oldest number that is kept; None when nothing is.
        """
        first = await in_database(oldest_kept, [session.id for session in sessions])
        if first is None:
            return
        for session in sessions:
            before, now = session.kept_from, first.get(session.id, 0)
            session.kept_from = now
            if anew or (before and now != before):
                await self._sio.emit("forget", {"before": now or None}, room=session.id)

    async def show_again(self, since: int) -> None:
        """Show the open pages here what was said after a number; each leaves out what it has."""
        for sid, session in list(self._people.items()):
            for one in await in_database(said_since, session.id, since):
                event = "person_uttered" if one.get("from") == "person" else "bot_uttered"
                await self._sio.emit(event, one, to=sid)

    async def show_hand_off(self, session: Session, anew: bool = False) -> None:
        """Tell a session's tabs how the hand-off stands, when that has changed."""
        now = await in_database(stands, session.id)
        if now is not None and (anew or now != session.hand_off):
            session.hand_off = now
            await self._sio.emit("hand_off", now, room=session.id)
