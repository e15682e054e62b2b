"""Rasa's `rest` channel, hardened: no typed intents, no foreign metadata, errors in plain words."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput as RasaRestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.base.remote_address import other_machine
from bot.fixed_replies import reply
from bot.rate_limits.rate_limit import RateLimit
from bot.rendering.plain import render
from bot.runtime.admission import admission_queue
from bot.runtime.agent import Collector
from bot.runtime.idempotency import RepeatableMessage
from bot.runtime.sanitise import clean
from bot.settings import settings
from bot.wording import wording

logger = logging.getLogger(__name__)
#: Bytes of a body; a text of a person is far below.
MAX_BODY_BYTES = 64 * 1024
#: Messages that another machine may send within ten seconds.
_limit = RateLimit("rest-address", 50, 10)
#: Longest sender id that is taken.
MAX_SENDER_CHARS = 120
#: What a sender may name a message by: one word.
_MESSAGE_ID = re.compile(r"^[\w.:-]{1,100}$", re.ASCII)
_SAY = wording("rest_channel")


class RestInput(RasaRestInput):  # type: ignore[misc]
    """POST {"sender", "message"} to /webhooks/rest/webhook, as with Rasa's own.

    With a `message_id` of the sender's a message may be sent again when its answer was cut off: it
    is then taken once and answered the same.
    """

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes."""
        routes = Blueprint("rest_webhook", __name__)

        @routes.route("/", methods=["GET"])  # type: ignore[misc]
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        if settings().production:
            # It takes the sender's name from the caller: not for a network.
            return routes

        @routes.route("/webhook", methods=["POST"])  # type: ignore[misc]
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > MAX_BODY_BYTES:
                return response.json({"error": _SAY("body_too_long")}, 413)
            address = other_machine(request)
            if address and await _limit.check(address) != "ok":
                return response.json({"error": _SAY("too_fast")}, 429)
            message = _parsed_message(request)
            if message is None:
                return response.json({"error": _SAY("expected_body")}, 400)
            if admission_queue().is_full:
                return response.json(
                    _fixed_reply(message.sender_id, "too_many"), 503, {"Retry-After": "30"}
                )
            return response.json(await _answer(on_new_message, message))

        return routes


def _parsed_message(request: Request) -> UserMessage | None:
    """Return the message, None when the body is no JSON object with a sender."""
    try:
        body = request.json
    except Exception:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("sender"), str):
        return None
    sender = body["sender"].strip()[:MAX_SENDER_CHARS]
    name = body.get("message_id")
    if not sender or not (name is None or (isinstance(name, str) and _MESSAGE_ID.match(name))):
        return None
    kind = UserMessage if name is None else RepeatableMessage
    text = clean(body.get("message"))
    return kind(text, Collector("rest"), sender, input_channel="rest", message_id=name)


async def _answer(
    on_new_message: Callable[[UserMessage], Awaitable[Any]], message: UserMessage
) -> list[dict[str, Any]]:
    """Hand a message to Rasa; a failure is said plainly, and logged without the text."""
    output, sender = message.output_channel, message.sender_id
    try:
        async with admission_queue().admit():
            await on_new_message(message)
    except Exception:
        logger.exception("message %s failed", uuid.uuid4().hex)
        output.messages.clear()
    # Rasa swallows the failure of an action server that is away: nothing said is a failure.
    return [_with_text(message) for message in output.messages] or _fixed_reply(sender, "error")


def _fixed_reply(sender: str, name: str) -> list[dict[str, Any]]:
    """Return a fixed reply as all that is said."""
    return [_with_text({"recipient_id": sender, "custom": reply(name, None).to_dict()})]


def _with_text(message: dict[str, Any]) -> dict[str, Any]:
    """Give a structured message its words, for clients that show nothing else."""
    custom = message.get("custom")
    return {**message, "text": "\n".join(render("web", custom))} if custom else message
