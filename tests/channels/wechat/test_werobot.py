"""A second independent implementation, werobot, unmodified: on the platform's side, and in our place.

In our place it shows that our `Platform` speaks as the platform does, and is not our own mirror.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from werobot import WeRoBot
from werobot.crypto import MessageCrypt
from werobot.parser import parse_user_msg
from werobot.utils import get_signature

from tests.channels.wechat.fake_api import APP_ID, FakeApi
from tests.channels.wechat.platform import KEY, TOKEN, Platform
from tests.conftest import _free_port


class Sealer:
    """werobot's encryption, called as `Platform` calls wechatpy's."""

    def __init__(self) -> None:
        self._peer = MessageCrypt(TOKEN, KEY, APP_ID)

    def encrypt_message(self, xml: str, nonce: str, timestamp: str) -> str:
        assert parse_user_msg(xml.encode()).source  # werobot takes it for a message
        return str(self._peer.encrypt_message(xml, timestamp, nonce))

    def decrypt_message(self, answered: str, signature: str, timestamp: str, nonce: str) -> str:
        sealed = answered.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        opened: bytes = self._peer.decrypt_message(timestamp, nonce, signature, sealed)
        return opened.decode()


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_werobot_plays_the_platform(platform: Platform, api: FakeApi, mode: str) -> None:
    platform.mode, platform.crypto = mode, Sealer()
    openid = f"o{uuid.uuid4().hex[:27]}"
    for text in ("失业金怎么领", "找活🙂]]>&amp;", "字" * 400):
        (answer,) = await platform.say(openid, text)
        assert answer.text == f"你说：{text}"
    (clicked,) = await platform.event(openid, "CLICK", EventKey="benefit")
    assert clicked.text == "你说：失业金怎么领"


def test_our_signature_is_werobots() -> None:
    query = Platform("", FakeApi()).query()
    assert get_signature(TOKEN, query["timestamp"], query["nonce"]) == query["signature"]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def robot() -> Iterator[str]:
    """A werobot application that repeats what it hears; its address."""
    app = WeRoBot(
        token=TOKEN, app_id=APP_ID, encoding_aes_key=KEY, enable_session=False,
    )  # fmt: skip
    app.text(lambda message: f"你说：{message.content}")
    app.key_click("benefit")(lambda message: "你按了")
    app.subscribe(lambda message: "欢迎")
    port = _free_port()
    served = make_server("127.0.0.1", port, app.wsgi, handler_class=Quiet)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{port}/"
    served.shutdown()
    served.server_close()


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_our_platform_is_understood_by_a_werobot_application(robot: str, mode: str) -> None:
    api = FakeApi()
    platform = Platform(robot, api, mode)
    openid = f"o{uuid.uuid4().hex[:27]}"
    assert await platform.get(platform.query(echostr="4711")) == (200, "4711")
    assert (await platform.get({**platform.query(echostr="4711"), "signature": "0" * 40}))[0] == 403
    (answer,) = await platform.say(openid, "找活🙂")
    (clicked,) = await platform.event(openid, "CLICK", EventKey="benefit")
    (welcome,) = await platform.event(openid, "subscribe", EventKey="")
    assert [one.text for one in (answer, clicked, welcome)] == ["你说：找活🙂", "你按了", "欢迎"]
