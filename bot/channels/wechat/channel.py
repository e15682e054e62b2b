"""The WeChat channel: passive replies within four seconds, customer-service messages after that.

Named in credentials.yml; its routes exist only when JIUYE_WECHAT_APPID is set.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import clock
from bot.channels.base.connection import has_hung_up, seconds_since_sent
from bot.channels.base.dispatcher import MessageDispatcher, OnNewMessage
from bot.channels.base.incoming import PendingReply, Structured
from bot.channels.base.middleware import link_code, resolve_choice
from bot.channels.base.routes import NotKept, add, hang_up, when_started, when_stopping
from bot.channels.base.ticket_routing import route_to_ticket
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import NotDecipherable, NotGenuine, NotReadable
from bot.channels.wechat.inbound import WeChatInbound, parse_inbound
from bot.channels.wechat.menu import menu
from bot.channels.wechat.replies import ReplyDelivery, render_and_save_choices, reply_of_before
from bot.channels.wechat.verification import RequestVerifier
from bot.channels.wechat.xml import text_reply, transfer_reply
from bot.db.session import is_unavailable, session
from bot.db.threads import in_database
from bot.fixed_replies import reply
from bot.handoff.seeker_messages import close
from bot.handoff.tickets import get_open
from bot.keys import installation_secret
from bot.messaging.deduplication import mark_seen
from bot.messaging.inbox_table import HeldElsewhere
from bot.rate_limits.rate_limit import RateLimit
from bot.seekers.opt_out import stop_pushes
from bot.settings import settings

logger = logging.getLogger(__name__)
#: Seconds within which a passive reply must be ready: the platform cuts after 5.
PASSIVE_REPLY_TIMEOUT_S = 4.0
#: Seconds since the request's last byte came in after which no reply is given to it any more.
REPLY_DEADLINE_S = 4.7
#: Seconds after a passive reply before the rest of a long answer follows it.
FOLLOW_UP_DELAY_S = 0.5
#: Bytes of a request's body; the platform's messages are a few KB.
MAX_BODY_BYTES = 64 * 1024
#: Messages a person may send within seconds.
MAX_MESSAGES, MESSAGE_WINDOW_S = 20, 10
#: Requests that are not genuine, from one address, before they are refused unread.
MAX_FORGED, FORGED_WINDOW_S = 30, 60
#: What the platform takes as "got it, nothing to say".
SUCCESS = "success"
#: Below /webhooks/wechat.
PATHS = ("/", "/webhook")


class WeChatInput(InputChannel):  # type: ignore[misc]
    """GET and POST /webhooks/wechat (and /webhooks/wechat/webhook)."""

    def __init__(self, account: WeChatAccount | None) -> None:
        self.account = account

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "wechat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel from the settings; credentials.yml holds no secret."""
        return cls(WeChatAccount.from_settings(settings()))

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent through Rasa: pushes go by the outbox and the API client."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes; none when no account is set."""
        routes = Blueprint("wechat_webhook", __name__)
        if self.account is not None:
            webhook = WeChatWebhook(self.account, on_new_message)
            add(routes, "GET", PATHS, webhook.verify)
            add(routes, "POST", PATHS, webhook.receive)
            when_started(routes, webhook.open)
            when_stopping(routes, webhook.close)
        return routes


class WeChatWebhook:
    """Answers the platform's requests for one account."""

    def __init__(self, account: WeChatAccount, on_new_message: OnNewMessage) -> None:
        self._verifier = RequestVerifier(account)
        self._api = WeChatApi(account)
        self._to_their_desk = account.desk
        self._forged = RateLimit("wechat-forged", MAX_FORGED, FORGED_WINDOW_S)
        signing = installation_secret()
        middlewares = (link_code(signing), route_to_ticket, resolve_choice)
        self._delivery = ReplyDelivery(self._api)
        self._dispatcher = MessageDispatcher(
            on_new_message, self._delivery.answer, self._delivery.send, middlewares,
            RateLimit("wechat-sender", MAX_MESSAGES, MESSAGE_WINDOW_S),
        )  # fmt: skip
        self._delivery.notes = self._dispatcher

    def open(self) -> None:
        """Begin to answer what a process that died has left."""
        self._dispatcher.open("wechat")

    async def close(self) -> None:
        """Send what is being answered, then close the connections."""
        await self._dispatcher.close()
        await self._api.close()

    async def verify(self, request: Request) -> HTTPResponse:
        """Answer the platform's check of this address."""
        try:
            self._verifier.check(_query(request))
        except NotGenuine as error:
            return await self._refuse(request, error)
        headers = {"X-Content-Type-Options": "nosniff"}
        return response.text(_query(request).get("echostr", ""), headers=headers)

    async def receive(self, request: Request) -> HTTPResponse:
        """Take a message or an event; answer with a passive reply or `success`."""
        if len(request.body) > MAX_BODY_BYTES:
            return response.text("too long", 413)
        query = _query(request)
        try:
            self._verifier.check(query)
            fields, cipher = self._verifier.open(query, request.body)
            inbound = parse_inbound(fields, menu())
        except NotGenuine as error:
            return await self._refuse(request, error)
        except (NotDecipherable, NotReadable) as error:
            logger.warning("WeChat: a body was not read: %s", type(error).__name__)
            return response.text("not readable", 400)
        try:
            xml = await self._reply_to(inbound, request)
        except HeldElsewhere:
            return response.text(SUCCESS)  # another process answers it
        except Exception as error:
            if not isinstance(error, NotKept) and not is_unavailable(error):
                raise
            self._verifier.forget(query)
            return hang_up(request)
        if not xml:
            return response.text(SUCCESS)
        return response.text(
            self._verifier.close(xml, cipher, query["nonce"]), content_type="application/xml"
        )

    async def _refuse(self, request: Request, error: NotGenuine) -> HTTPResponse:
        """Refuse; a flood from one address is told to wait, and no longer logged."""
        if await self._forged.check(request.remote_addr or request.ip) != "ok":
            return response.text("too many", 429)
        logger.warning("WeChat: a request was refused: %s", error)
        return response.text("refused", 403)

    async def _reply_to(self, inbound: WeChatInbound, request: Request | None = None) -> str:
        """Return the passive reply's XML, empty when there is none (yet).

        Raises NotKept when the message could not be kept: the platform brings it again.
        """
        if inbound.unfollowed:
            await in_database(_stop, inbound.address)
            return ""
        if inbound.reply is not None:
            return await self._fixed(inbound, request)
        if inbound.is_empty:
            return ""
        pending = await self._dispatcher.receive(inbound, waited_for=True)
        ends = asyncio.get_running_loop().time() + PASSIVE_REPLY_TIMEOUT_S
        messages = await pending.answer(
            0.0 if self._dispatcher.is_overloaded else PASSIVE_REPLY_TIMEOUT_S
        )
        remaining = max(0.0, ends - asyncio.get_running_loop().time())
        if not messages and not await pending.wait_until_persisted(remaining):
            raise NotKept
        if pending.came_before:
            return await self._again(inbound)
        if pending.delayed and messages is None:
            return text_reply(inbound.address, inbound.account, reply("delayed", None).text)
        if not messages:
            return ""
        if self._to_their_desk and not inbound.event and _asks_for_a_person(messages):
            return await self._transfer(inbound, messages, pending)
        return await self._passive(inbound, messages, pending, request)

    async def _again(self, inbound: WeChatInbound) -> str:
        """Return the reply to a request that is repeated, when it was given as one before.

        Who repeats it has not had it. What is sent by customer-service message is none.
        """
        text = await reply_of_before(inbound)
        return text_reply(inbound.address, inbound.account, text) if text else ""

    async def _transfer(
        self, inbound: WeChatInbound, messages: list[Structured], pending: PendingReply
    ) -> str:
        """Return the reply that gives the message to the platform's desk; what is said follows it.

        Our own desk lets it be: the ticket that was opened, if any, is closed.
        """
        words = reply("handoff_platform", "handoff").to_dict()
        with self._delivered_if_broken_off(pending, messages):
            await in_database(_leave_to_platform, inbound.address)
            rendered = await render_and_save_choices(inbound, [words], self._dispatcher)
        self._dispatcher.start(self._follow_up(pending, rendered.texts))
        return transfer_reply(inbound.address, inbound.account)

    async def _fixed(self, inbound: WeChatInbound, request: Request | None) -> str:
        """Return the welcome or a request for words; what a scanned code says follows."""
        assert inbound.reply is not None
        key = f"reply:{inbound.key}"
        if not await in_database(_is_new, key):
            return await self._again(replace(inbound, key=key))
        if inbound.text:
            follow_up = await self._dispatcher.receive(inbound)
            if not await follow_up.wait_until_persisted(PASSIVE_REPLY_TIMEOUT_S):
                raise NotKept
        alone = PendingReply(replace(inbound, key=key, text=""), waited_for=True)
        messages: list[Structured] = [reply(inbound.reply, None).to_dict()]
        return await self._passive(inbound, messages, alone, request)

    async def _passive(
        self,
        inbound: WeChatInbound,
        messages: list[Structured],
        pending: PendingReply,
        request: Request | None,
    ) -> str:
        """Return the first text; what does not fit follows it by customer-service message.

        All of it is sent so when the platform has hung up. Should it do so later, it comes again,
        and finds the reply kept.
        """
        with self._delivered_if_broken_off(pending, messages):
            rendered = await render_and_save_choices(
                pending.incoming, messages, self._dispatcher, _arrival(request)
            )
            first, *remaining_texts = rendered.texts
            if remaining_texts:
                await self._dispatcher.note_unsent(pending.incoming, remaining_texts)
        if not _waits_for_reply(request):
            self._dispatcher.start(self._dispatcher.deliver(pending, messages))
            return ""
        if remaining_texts:
            self._dispatcher.start(self._follow_up(pending, remaining_texts))
        else:
            pending.acknowledge()
        return text_reply(inbound.address, inbound.account, first)

    @contextmanager
    def _delivered_if_broken_off(
        self, pending: PendingReply, messages: Sequence[Structured]
    ) -> Iterator[None]:
        """Deliver an answer when its request breaks off with it in our hands."""
        try:
            yield
        except BaseException:
            self._dispatcher.start(self._dispatcher.deliver(pending, messages))
            raise

    async def _follow_up(self, pending: PendingReply, texts: list[str]) -> None:
        await asyncio.sleep(FOLLOW_UP_DELAY_S)
        await self._dispatcher.send_remainder(pending, texts)


def _arrival(request: Request | None) -> datetime:
    """Return when a request came in, by the kernel: a busy process reads it later."""
    return clock.now() - timedelta(seconds=seconds_since_sent(request) if request else 0.0)


def _waits_for_reply(request: Request | None) -> bool:
    """Tell whether the platform still waits for the reply to a request."""
    if request is None:
        return True
    return not has_hung_up(request) and seconds_since_sent(request) < REPLY_DEADLINE_S


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in request.args.items()}


def _is_new(key: str) -> bool:
    with session() as db:
        return mark_seen(db, "wechat", key)


def _asks_for_a_person(messages: Sequence[Structured]) -> bool:
    """Tell whether a turn is the answer to 转人工; despair is not: its helplines must be read."""
    return any(
        (message.get("act"), message.get("status")) == ("handoff", "handoff")
        for message in messages
    )


def _leave_to_platform(openid: str) -> None:
    with session() as db:
        ticket = get_open(db, "wechat", openid, lock=True)
        if ticket is not None and ticket.state == "open":
            close(ticket, "platform")


def _stop(openid: str) -> None:
    with session() as db:
        stop_pushes(db, "wechat", openid)
