"""The page and its calls as a Rasa channel, so that they stand on the bot's own port.

Named in credentials.yml. No message comes to the bot by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.base.dispatcher import OnNewMessage
from bot.channels.base.routes import add
from bot.channels.counsellor.api import ConsoleApi
from bot.keys import installation_secret
from bot.settings import settings
from bot.wording import wording

STATIC = Path(__file__).resolve().parent / "static"
PREFIX = "/desk"
FILES = {"desk.css": "text/css", "desk.js": "text/javascript"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class DeskInput(InputChannel):  # type: ignore[misc]
    """GET /desk/ and its calls below /desk/api/."""

    def __init__(self, signing: bytes, secure: bool) -> None:
        self._api = ConsoleApi(signing, secure)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel."""
        signing = installation_secret()
        return cls(signing, secure=settings().production)

    def url_prefix(self) -> str:
        """Return where the routes hang; absolute, so not below /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """Counsellors' words go by the outbox, not through Rasa."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes."""
        routes, api = Blueprint("counsellors_desk", __name__), self._api

        @routes.route("/", methods=["GET"])  # type: ignore[misc]
        async def show_page(_: Request) -> HTTPResponse:
            return await response.file(STATIC / "desk.html", headers=HEADERS)

        @routes.route("/static/<name:str>", methods=["GET"])  # type: ignore[misc]
        async def file(_: Request, name: str) -> HTTPResponse:
            if name not in FILES:
                return response.text(wording("counsellor_desk")("no_such_file"), 404)
            return await response.file(STATIC / name, mime_type=FILES[name], headers=HEADERS)

        add(routes, "POST", ("/api/login",), api.login)
        add(routes, "POST", ("/api/logout",), api.logout)
        add(routes, "GET", ("/api/me",), api.me)
        add(routes, "GET", ("/api/tickets",), api.tickets)
        add(routes, "GET", ("/api/talk",), api.talk)
        for action in ("take", "reply", "back", "close"):
            add(routes, "POST", (f"/api/{action}",), api.action_handler(action))
        return routes
