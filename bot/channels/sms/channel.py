"""The SMS channel: messages by GET from Kannel, kept, answered with 200 and processed after.

Named in credentials.yml; its routes exist only when JIUYE_SMS_SENDSMS is set.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.base.dispatcher import MessageDispatcher, OnNewMessage
from bot.channels.base.incoming import Structured
from bot.channels.base.middleware import link_code, opt_out, resolve_choice
from bot.channels.base.remote_address import is_direct_from_here
from bot.channels.base.routes import add, when_started, when_stopping
from bot.channels.base.ticket_routing import route_to_ticket
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel, health, record_report
from bot.channels.sms.numbers import e164
from bot.db.session import session
from bot.db.threads import in_database
from bot.delivery.outcome import Retry, SendLater, Sent, with_retry
from bot.keys import installation_secret
from bot.messaging.incoming import Incoming
from bot.messaging.reply_choices import save_choices
from bot.rate_limits.rate_limit import RateLimit
from bot.rendering.turn import render_sms_turn
from bot.setting_types import Secret
from bot.settings import settings

logger = logging.getLogger(__name__)
#: Messages a person may send within seconds: each answer costs money.
MAX_MESSAGES, MESSAGE_WINDOW_S = 10, 60
#: Calls without the right key, from one address, before they are refused unread.
MAX_FORGED, FORGED_WINDOW_S = 30, 60
#: Seconds that Kannel is kept waiting at most while a message is written into the inbox.
INBOX_WRITE_TIMEOUT_S = 5.0
#: Characters of what Kannel calls that are kept in a query: ten parts and more.
MAX_TEXT_CHARS = 4000


class SmsInput(InputChannel):  # type: ignore[misc]
    """GET /webhooks/sms/mo, /webhooks/sms/dlr and /webhooks/sms/health."""

    def __init__(self, gateway: Gateway | None) -> None:
        self.gateway = gateway

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "sms"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel from the settings; credentials.yml holds no secret."""
        return cls(Gateway.from_settings(settings()))

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent through Rasa: pushes go by the outbox and `Kannel.send_push`."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes; none when no gateway is set."""
        routes = Blueprint("sms_webhook", __name__)
        if self.gateway is not None:
            webhook = KannelWebhook(self.gateway, on_new_message)
            add(routes, "GET", ("/mo",), webhook.message)
            add(routes, "GET", ("/dlr",), webhook.report)
            add(routes, "GET", ("/health",), webhook.health)
            when_started(routes, webhook.open)
            when_stopping(routes, webhook.close)
        return routes


class KannelWebhook:
    """Answers Kannel's calls for one gateway."""

    def __init__(self, gateway: Gateway, on_new_message: OnNewMessage) -> None:
        self._gateway = gateway
        self._kannel = Kannel(gateway)
        self._forged = RateLimit("sms-forged", MAX_FORGED, FORGED_WINDOW_S)
        signing = installation_secret()
        middlewares = (opt_out, link_code(signing), route_to_ticket, resolve_choice)
        limit = RateLimit("sms-sender", MAX_MESSAGES, MESSAGE_WINDOW_S)
        self._dispatcher = MessageDispatcher(
            on_new_message, self._deliver, self._send, middlewares, limit
        )

    def open(self) -> None:
        """Begin to answer what a process that died has left."""
        self._dispatcher.open("sms")

    async def close(self) -> None:
        """Send what is being answered, then close the connections."""
        await self._dispatcher.close()
        await self._kannel.close()

    async def message(self, request: Request) -> HTTPResponse:
        """Take a message: 200 and an empty body once it is kept; else 503, and Kannel repeats it.

        A message that cannot be answered (no number, no text that is any) is taken and dropped.
        """
        if not self._is_kannel(request):
            return await self._refuse(request)
        query = _query(request)
        number, key = e164(query.get("from", "")), query.get("id", "")
        if number is None or not key:
            logger.warning("SMS: a message without a number to answer, or without its id")
            return response.empty(200)
        pending = await self._dispatcher.receive(
            Incoming("sms", number, key, query.get("text", "")[:MAX_TEXT_CHARS])
        )
        return response.empty(
            200 if await pending.wait_until_persisted(INBOX_WRITE_TIMEOUT_S) else 503
        )

    async def report(self, request: Request) -> HTTPResponse:
        """Take a delivery report."""
        if not self._is_kannel(request):
            return await self._refuse(request)
        query = _query(request)
        await in_database(
            record_report, query.get("id", ""), query.get("state", ""), query.get("reply", "")
        )
        return response.empty(200)

    async def health(self, request: Request) -> HTTPResponse:
        """Say whether the gateway can send and receive: 200, or 503 with the reason."""
        if not self._is_kannel(request):
            return await self._refuse(request)
        fault = await health(self._gateway)
        return response.json({"sms": fault or "ok"}, 503 if fault else 200)

    def _is_kannel(self, request: Request) -> bool:
        if self._gateway.key is None:
            return is_direct_from_here(request)
        key = _query(request).get("key", "")
        return self._gateway.key == Secret(key)

    async def _refuse(self, request: Request) -> HTTPResponse:
        if await self._forged.check(request.remote_addr or request.ip) != "ok":
            return response.text("too many", 429)
        logger.warning("SMS: a call without the right key was refused")
        return response.text("refused", 403)

    async def _deliver(self, incoming: Incoming, messages: Sequence[Structured]) -> None:
        """Send a turn's answers in order, each of at most two parts."""
        texts = await in_database(self._present, incoming, messages)
        self._dispatcher.begin_sending(incoming, texts)
        await self._send(incoming, texts)

    async def _send(self, incoming: Incoming, texts: Sequence[str]) -> None:
        """Send texts in order, each struck off in the inbox once Kannel has it.

        Raises SendLater, with what is left noted, while Kannel takes nothing.
        """
        for index, text in enumerate(texts):
            await self._dispatcher.confirm_hold(incoming)
            send = partial(self._kannel.send_text, incoming.address, text, uuid.uuid4().hex)
            outcome = await with_retry(send)
            if isinstance(outcome, Retry):
                await self._dispatcher.note_unsent(incoming, texts[index:])
                raise SendLater(outcome.reason)
            if not isinstance(outcome, Sent):
                logger.warning("SMS: an answer was not taken: %s", outcome.reason)
                return
            if unsent := texts[index + 1 :]:
                await self._dispatcher.note_unsent(incoming, unsent)

    def _present(self, incoming: Incoming, messages: Sequence[Structured]) -> Sequence[str]:
        rendered = render_sms_turn(messages, self._gateway.signature)
        with session() as db:
            save_choices(db, "sms", incoming.address, rendered.choices, rendered.remainder)
            return self._dispatcher.save_answer(db, incoming, rendered.texts)


def _query(request: Request) -> dict[str, str]:
    # Kannel's blank texts must stay: `request.args` drops them, and the person gets no answer.
    return {name: values[0] for name, values in request.get_args(keep_blank_values=True).items()}
