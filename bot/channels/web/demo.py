"""A city's employment site as it might be, with the widget on it by its one line: /demo/.

Opens with JIUYE_DEMO_SITE=1; the site, its notices and its fairs are invented and say so.
"""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.base.dispatcher import OnNewMessage
from bot.channels.web.files import HEADERS, STATIC
from bot.settings import settings

PREFIX = "/demo"


class DemoInput(InputChannel):  # type: ignore[misc]
    """GET /demo/. No message comes to the bot by it: the page's widget speaks to /chat/."""

    def __init__(self, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "demo_site"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the page's channel from the settings."""
        return cls(settings().demo_site)

    def url_prefix(self) -> str:
        """Return where the page hangs; absolute, so not below /webhooks/."""
        return PREFIX

    def get_output_channel(self) -> OutputChannel | None:
        """Nothing is sent by it."""
        return None

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the page's routes; none when it is not to be shown."""
        routes = Blueprint("demo_site", __name__)
        if self._enabled:

            @routes.route("/", methods=["GET"])  # type: ignore[misc]
            async def page(_: Request) -> HTTPResponse:
                return await response.file(STATIC / "demo" / "index.html", headers=HEADERS)

            @routes.route("/static/demo.css", methods=["GET"])  # type: ignore[misc]
            async def style(_: Request) -> HTTPResponse:
                file = STATIC / "demo" / "demo.css"
                return await response.file(file, mime_type="text/css", headers=HEADERS)

        return routes
