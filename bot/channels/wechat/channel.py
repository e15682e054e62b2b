"""The WeChat channel: passive replies within four seconds, customer-service messages after that.

Named in credentials.yml; its routes exist only when JIUYE_WECHAT_APPID is set.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.frame.before import choosing, linking
from bot.channels.frame.counselled import counselled
from bot.channels.frame.database import in_database
from bot.channels.frame.desk import Desk, OnNewMessage
from bot.channels.frame.incoming import Incoming, Structured, Turn
from bot.channels.frame.limits import Limit
from bot.channels.frame.routes import NotKept, add, hang_up, when_started, when_stopping
from bot.channels.wechat.account import Account
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.deliver import Delivery, present
from bot.channels.wechat.errors import NotDecipherable, NotGenuine, NotReadable
from bot.channels.wechat.gate import Gate
from bot.channels.wechat.menu import menu
from bot.channels.wechat.received import Received, received
from bot.channels.wechat.xml import text_reply, transfer_reply
from bot.contact.seen import mark_seen
from bot.db.session import is_away, session
from bot.keys import installation_secret
from bot.replies import reply
from bot.seekers.stop import stop_pushes
from bot.settings import settings
from bot.tickets.opening import not_closed
from bot.tickets.seeker_side import close

logger = logging.getLogger(__name__)
#: Seconds within which a passive reply must be ready: the platform cuts after 5.
PATIENCE = 4.0
#: Seconds after a passive reply before the rest of a long answer follows it.
AFTER_REPLY = 0.5
#: Bytes of a request's body; the platform's messages are a few KB.
LONGEST = 64 * 1024
#: Requests that are not genuine, from one address, before they are refused unread.
MOST_FORGED, FORGED_WINDOW = 30, 60.0
#: What the platform takes as "got it, nothing to say".
SUCCESS = "success"
#: Below /webhooks/wechat.
PATHS = ("/", "/webhook")


class WeChatInput(InputChannel):  # type: ignore[misc]
    """GET and POST /webhooks/wechat (and /webhooks/wechat/webhook)."""

    def __init__(self, account: Account | None) -> None:
        self.account = account

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "wechat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel from the settings; credentials.yml holds no secret."""
        return cls(Account.of(settings()))

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent through Rasa: pushes go by the outbox and the API client."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes; none when no account is set."""
        routes = Blueprint("wechat_webhook", __name__)
        if self.account is not None:
            door = Door(self.account, on_new_message)
            add(routes, "GET", PATHS, door.verify)
            add(routes, "POST", PATHS, door.receive)
            when_started(routes, door.open)
            when_stopping(routes, door.close)
        return routes


class Door:
    """Answers the platform's requests for one account."""

    def __init__(self, account: Account, on_new_message: OnNewMessage) -> None:
        self._gate = Gate(account)
        self._api = WeChatApi(account)
        self._to_their_desk = account.desk
        self._forged = Limit(MOST_FORGED, FORGED_WINDOW)
        signing = installation_secret()
        before = (linking(signing), counselled, choosing)
        self._delivery = Delivery(self._api)
        self._desk = Desk(on_new_message, self._delivery.answer, self._delivery.send, before)
        self._delivery.notes = self._desk

    def open(self) -> None:
        """Begin to answer what a process that died has left."""
        self._desk.open("wechat")

    async def close(self) -> None:
        """Send what is being answered, then close the connections."""
        await self._desk.close()
        await self._api.close()

    async def verify(self, request: Request) -> HTTPResponse:
        """Answer the platform's check of this address."""
        try:
            self._gate.check(_query(request))
        except NotGenuine as why:
            return self._refuse(request, why)
        headers = {"X-Content-Type-Options": "nosniff"}
        return response.text(_query(request).get("echostr", ""), headers=headers)

    async def receive(self, request: Request) -> HTTPResponse:
        """Take a message or an event; answer with a passive reply or `success`."""
        if len(request.body) > LONGEST:
            return response.text("too long", 413)
        query = _query(request)
        try:
            self._gate.check(query)
            opened = self._gate.open(query, request.body)
            got = received(opened.fields, menu())
        except NotGenuine as why:
            return self._refuse(request, why)
        except (NotDecipherable, NotReadable) as why:
            logger.warning("WeChat: a body was not read: %s", type(why).__name__)
            return response.text("not readable", 400)
        try:
            xml = await self._reply_to(got)
        except Exception as error:
            if not isinstance(error, NotKept) and not is_away(error):
                raise
            self._gate.forget(query)
            return hang_up(request)
        if not xml:
            return response.text(SUCCESS)
        return response.text(
            self._gate.close(xml, opened, query["nonce"]), content_type="application/xml"
        )

    def _refuse(self, request: Request, why: NotGenuine) -> HTTPResponse:
        """Refuse; a flood from one address is told to wait, and no longer logged."""
        if self._forged.check(request.remote_addr or request.ip) != "ok":
            return response.text("too many", 429)
        logger.warning("WeChat: a request was refused: %s", why)
        return response.text("refused", 403)

    async def _reply_to(self, got: Received) -> str:
        """Return the passive reply's XML, empty when there is none (yet).

        Raises NotKept when the message could not be kept: the platform brings it again.
        """
        if got.unfollowed:
            await in_database(_stop, got.person)
            return ""
        if got.reply is not None:
            return await self._fixed(got)
        if got.nothing:
            return ""
        turn = self._desk.receive(_incoming(got), waited_for=True)
        ends = asyncio.get_running_loop().time() + PATIENCE
        messages = await turn.answer(0.0 if self._desk.crowded else PATIENCE)
        left = max(0.0, ends - asyncio.get_running_loop().time())
        if not messages and not await turn.kept(left):
            raise NotKept
        if turn.delayed and messages is None:
            return text_reply(got.person, got.account, reply("delayed", None).text)
        if not messages:
            return ""
        try:
            if self._to_their_desk and not got.event and _asks_for_a_person(messages):
                return await self._transfer(got, turn)
            return await self._passive(got, messages, turn)
        except BaseException:
            # The request broke off with the answer in our hands.
            self._desk.start(self._desk.deliver(turn, messages))
            raise

    async def _transfer(self, got: Received, turn: Turn) -> str:
        """Return the reply that gives the message to the platform's desk; what is said follows it.

        Our own desk lets it be: the ticket that was opened, if any, is closed.
        """
        await in_database(_leave_to_platform, got.person)
        words = reply("handoff_platform", "handoff").to_dict()
        said = await present(got.person, [words], got.key)
        self._desk.start(self._follow_up(turn, said.texts))
        return transfer_reply(got.person, got.account)

    async def _fixed(self, got: Received) -> str:
        """Return the welcome or a request for words; what a scanned code says follows."""
        assert got.reply is not None
        if not await in_database(_is_new, f"reply:{got.key}"):
            return ""
        if got.says and not await self._desk.receive(_incoming(got)).kept(PATIENCE):
            raise NotKept
        alone = Turn(Incoming("wechat", got.person, f"reply:{got.key}", ""), waited_for=True)
        return await self._passive(got, [reply(got.reply, None).to_dict()], alone)

    async def _passive(self, got: Received, messages: list[Structured], turn: Turn) -> str:
        """Return the first text; what does not fit follows it by customer-service message."""
        said = await present(got.person, messages, turn.incoming.key)
        first, *more = said.texts
        if more:
            await self._desk.note_unsent(turn.incoming, more)
            self._desk.start(self._follow_up(turn, more))
        else:
            turn.passed_on()
        return text_reply(got.person, got.account, first)

    async def _follow_up(self, turn: Turn, texts: list[str]) -> None:
        await asyncio.sleep(AFTER_REPLY)
        await self._desk.send_rest(turn, texts)


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items()}


def _incoming(got: Received) -> Incoming:
    return Incoming("wechat", got.person, got.key, got.says)


def _is_new(key: str) -> bool:
    with session() as db:
        return mark_seen(db, "wechat", key)


def _asks_for_a_person(messages: Sequence[Structured]) -> bool:
    """Tell whether a turn is the answer to 转人工; despair is not: its helplines must be read."""
    return any((one.get("act"), one.get("status")) == ("handoff", "handoff") for one in messages)


def _leave_to_platform(openid: str) -> None:
    with session() as db:
        ticket = not_closed(db, "wechat", openid, lock=True)
        if ticket is not None and ticket.state == "open":
            close(ticket, "platform")


def _stop(openid: str) -> None:
    with session() as db:
        stop_pushes(db, "wechat", openid)
