"""The fake of the API, held against the unmodified wechatpy client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from requests.adapters import HTTPAdapter
from wechatpy import WeChatClient
from wechatpy.exceptions import WeChatClientException

from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi


class _Here(HTTPAdapter):
    """Takes calls of the real host to the fake."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(request.url)
        request.url = f"{self._url}{parts.path}?{parts.query}"
        return super().send(request, *args, **kwargs)


def _client(api: FakeApi) -> WeChatClient:
    client = WeChatClient(APP_ID, SECRET, auto_retry=False)
    client._http.mount("https://api.weixin.qq.com", _Here(api.url))
    return client


async def _code(call: Callable[..., Any], *args: Any) -> int:
    try:
        await asyncio.to_thread(call, *args)
    except WeChatClientException as refused:
        return int(refused.errcode)
    return 0


async def test_wechatpy_sends_until_the_quota_is_used_up(api: FakeApi) -> None:
    client = _client(api)
    assert await _code(client.message.send_text, "o1", "您好") == 45015
    api.wrote("o1")
    codes = [await _code(client.message.send_text, "o1", f"第{n}条") for n in range(6)]
    assert codes == [0, 0, 0, 0, 0, 45047]
    assert api.texts("o1") == [f"第{n}条" for n in range(5)]
    assert api.escaped == 0


@pytest.mark.parametrize(
    ("openid", "text", "code"),
    [("x1", "您好", 40003), ("o1", "字" * 683, 45002), ("o1", "", 44004), ("o2", "您好", 43004), ("o3", "您好", 48002)],
)  # fmt: skip
async def test_wechatpy_is_refused_as_the_pages_say(
    api: FakeApi, openid: str, text: str, code: int
) -> None:
    api.followers, api.blocked = {"o1", "o3"}, {"o3"}
    api.wrote("o1")
    assert await _code(_client(api).message.send_text, openid, text) == code


async def test_an_expired_and_an_unknown_token_are_told_apart(api: FakeApi) -> None:
    client = _client(api)
    api.wrote("o1")
    assert await _code(client.message.send_text, "o1", "您好") == 0
    api.shift = 7201
    assert await _code(client.message.send_text, "o1", "您好") == 42001
    client.session.set(client.access_token_key, "unknown", 7200)
    assert await _code(client.message.send_text, "o1", "您好") == 40001


async def test_templates_menus_and_wrong_secrets(api: FakeApi) -> None:
    client = _client(api)
    assert await _code(client.message.send_template, "o1", "unknown", {}) == 40037
    assert await _code(client.message.send_template, "o1", "known", {"a": {"value": "b"}}) == 0
    assert await _code(client.menu.create, {"button": []}) == 0
    assert await asyncio.to_thread(client.menu.get) == {"menu": {"button": []}}
    client.secret, client.session = "wrong", type(client.session)()
    assert await _code(client.fetch_access_token) == 40125
