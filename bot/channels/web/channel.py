"""The web channel: the widget's page, and its messages over socket.io.

A subclass of Rasa's own socket.io channel with what that lacks: sessions signed by the server,
several tabs, history, structured messages, limits, and errors in plain words.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.core.channels.socketio import SocketBlueprint, SocketIOInput
from sanic import Blueprint
from socketio import AsyncRedisManager, AsyncServer
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.crowd import crowd
from bot.channels.frame.before import Before, linking
from bot.channels.frame.counselled import counselled
from bot.channels.frame.database import in_database
from bot.channels.frame.desk import OnNewMessage
from bot.channels.frame.incoming import Incoming, Instead, Say
from bot.channels.frame.limits import Limit
from bot.channels.inbound import clean
from bot.channels.web.files import PREFIX, serve_files
from bot.channels.web.kept import kept, oldest_kept, returned, stands, voted
from bot.channels.web.live import Live
from bot.channels.web.pushes import fetch_pushes
from bot.channels.web.said import said_by_bot, said_by_person
from bot.channels.web.sessions import Session, Sessions, secret
from bot.db.session import session as database
from bot.messages import Message
from bot.replies import reply
from bot.settings import ROOT, settings

logger = logging.getLogger(__name__)
#: Bytes of one socket.io message; a text of a person is far below.
LONGEST = 256 * 1024
#: Votes of a session within seconds.
MOST_VOTES, VOTES_WINDOW = 30, 60.0
#: Seconds in which all connections are ended when the server stops.
HANGS_UP = 2.0


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
        numbered = await in_database(kept, self._session.id, said_by_bot(message))
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

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the page's routes with the socket attached."""
        sio = AsyncServer(
            async_mode="sanic", cors_allowed_origins=_origins(), max_http_buffer_size=LONGEST,
            **_among_workers(),
        )  # fmt: skip
        routes: Blueprint = SocketBlueprint(sio, self.socketio_path, "web_widget", __name__)
        serve_files(routes)
        visitors = Visitors(sio, self.sessions, on_new_message)
        sio.on("session_request", visitors.come)
        sio.on("disconnect", visitors.leave)
        sio.on("user_uttered", visitors.say)
        sio.on("vote", visitors.vote)
        live = Live(visitors)
        routes.listener("after_server_start")(live.start)
        routes.listener("before_server_stop")(live.stop)
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
        self._sio, self._sessions, self._bot = sio, sessions, on_new_message
        self._people: dict[str, Session] = {}
        self._before: tuple[Before, ...] = (linking(sessions.secret), counselled)
        self._votes = Limit(MOST_VOTES, VOTES_WINDOW)

    @property
    def here(self) -> dict[str, Session]:
        """The sessions whose page is open, by their id."""
        return {session.id: session for session in self._people.values()}

    async def come(self, sid: str, data: object) -> None:
        """Open or resume a session; tell what it has not seen and how its hand-off stands."""
        given = data if isinstance(data, dict) else {}
        session = self._sessions.resume(given.get("token"))
        self._people[sid] = session
        # Must be awaited from python-socketio 5.10 on; requirements.lock holds 5.9.
        self._sio.enter_room(sid, session.id)
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

    async def say(self, sid: str, data: object) -> None:
        """Answer a person's message: by a channel's word, by the counsellor, or by the bot."""
        session = self._people.get(sid)
        if session is None:
            return
        output = WebOutput(self._sio, session)
        if not session.may_send():
            await output.send(reply("too_fast", None).to_dict())
            return
        if crowd().too_many:
            await output.send(reply("too_many", None).to_dict())
            return
        text = clean(data.get("message") if isinstance(data, dict) else None)
        said = await in_database(kept, session.id, said_by_person(text))
        await self._sio.emit("person_uttered", said, room=session.id)
        await self.bring(session)
        if not await self._answered(text, output, session):
            await _handle(self._bot, text, output, session)
        await self.show_forgotten([session])
        await self.show_hand_off(session)

    async def vote(self, sid: str, data: object = None) -> None:
        """Keep whether an answer helped."""
        session = self._people.get(sid)
        if session is None or not isinstance(data, dict) or self._votes.check(session.id) != "ok":
            return
        seq, given = data.get("seq"), data.get("vote")
        if isinstance(seq, int) and 0 < seq < 2**31 and given in ("up", "down"):
            await in_database(voted, session.id, seq, given)

    async def bring(self, session: Session) -> None:
        """Show a session what waits for it in the outbox."""
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

    async def show_hand_off(self, session: Session, anew: bool = False) -> None:
        """Tell a session's tabs how the hand-off stands, when that has changed."""
        now = await in_database(stands, session.id)
        if now is not None and (anew or now != session.hand_off):
            session.hand_off = now
            await self._sio.emit("hand_off", now, room=session.id)

    async def _answered(self, text: str, output: WebOutput, session: Session) -> bool:
        """Answer without the bot; False when the message is for the bot."""
        incoming = Incoming("web", session.id, "", text)

        def ask() -> Say | Instead | None:
            with database() as db:
                answers = (before(db, incoming) for before in self._before)
                return next((said for said in answers if said is not None), None)

        try:
            said = await in_database(ask)
        except SQLAlchemyError as away:
            logger.error("not known who answers: %s", type(away).__name__)
            return False
        if not isinstance(said, Say):
            return False
        for message in said.messages:
            await output.send(dict(message))
        return True


async def _handle(
    on_new_message: OnNewMessage, text: str, output: WebOutput, session: Session
) -> None:
    """Hand a text to Rasa; a failure is said plainly, and logged without the text."""
    try:
        async with crowd().turn():
            await on_new_message(UserMessage(text, output, session.id, input_channel="web"))
    except Exception:
        logger.exception("message %s failed", uuid.uuid4().hex)
    if not output.said:
        # Rasa swallows the failure of an action server that is away: nothing said is a failure.
        await output.send(reply("error", None).to_dict())
