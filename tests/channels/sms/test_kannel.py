"""Our client of Kannel where somebody answers in Kannel's place."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.sms.gateway import Gateway
from bot.channels.sms.kannel import Kannel, health
from bot.delivery.outcome import Retry
from bot.setting_types import Secret, Url
from bot.settings import Settings


async def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        # The same query, as a proxy that renames a host does.
        return web.Response(status=302, headers={"Location": f"/other?{request.query_string}"})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        gateway = Gateway.from_settings(
            Settings(
                sms_sendsms=Url(str(server.make_url("/sendsms"))), sms_password=Secret("geheim"),
                sms_status=Url(str(server.make_url("/status.xml"))), sms_status_password=Secret("geheim"),
            )
        )  # fmt: skip
        assert gateway is not None
        kannel = Kannel(gateway)
        try:
            assert isinstance(await kannel.send_text("+8613800138000", "您好", "k1"), Retry)
        finally:
            await kannel.close()
        assert await health(gateway)
    assert asked == ["/sendsms", "/status.xml"]
