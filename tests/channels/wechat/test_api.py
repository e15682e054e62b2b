"""Our client against the fake API that wechatpy has checked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientTimeout, web
from aiohttp.test_utils import TestServer

from bot.channels.wechat import api as api_module
from bot.channels.wechat.account import WeChatAccount
from bot.channels.wechat.api import WeChatApi
from bot.channels.wechat.errors import outcome_of
from bot.channels.wechat.menu import menu
from bot.db.session import session
from bot.delivery.outcome import Quota, Refused, Retry, Sent, with_retry
from bot.messaging.access_tokens import kept_token
from bot.rendering.plain import ReplyChoice
from bot.setting_types import Secret, Url
from tests.channels.wechat.fake_api import APP_ID, SECRET, FakeApi
from tests.conftest import _free_port


@pytest.fixture
async def clients(fake: FakeApi) -> AsyncIterator[list[WeChatApi]]:
    """Clients of two workers on one database."""
    made = [WeChatApi(_account(fake)) for _ in range(2)]
    yield made
    for client in made:
        await client.close()


def _account(fake: FakeApi, secret: str = SECRET) -> WeChatAccount:
    return WeChatAccount(APP_ID, Secret(secret), Secret("token"), (), False, Url(fake.url))


async def test_all_workers_share_one_token(fake: FakeApi, clients: list[WeChatApi]) -> None:
    for client in clients * 2:
        assert isinstance(await client.send_text("o1", "您好🙂"), Sent)
    assert fake.calls["stable_token"] == 1
    assert fake.texts("o1") == ["您好🙂"] * 4
    assert fake.escaped == 0


async def test_many_sends_at_once_ask_for_one_token(
    fake: FakeApi, clients: list[WeChatApi]
) -> None:
    await asyncio.gather(*(clients[0].send_text("o1", str(n)) for n in range(20)))
    assert fake.calls["stable_token"] == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_no_longer_valid_is_renewed_once(
    fake: FakeApi, clients: list[WeChatApi], code: int
) -> None:
    await clients[0].send_text("o1", "一")
    fake.next_codes.append(code)
    assert isinstance(await clients[0].send_text("o1", "二"), Sent)
    assert fake.texts("o1") == ["一", "二"]
    assert fake.calls["message/custom/send"] == 3


async def test_an_expired_token_is_renewed_before_it_is_used(
    fake: FakeApi, clients: list[WeChatApi]
) -> None:
    await clients[0].send_text("o1", "一")
    fake.tokens.clear()
    assert isinstance(await clients[1].send_text("o1", "二"), Sent)


async def test_a_platform_that_refuses_every_token_burns_few(
    fake: FakeApi, clients: list[WeChatApi]
) -> None:
    fake.always = 40001
    outcomes = [await with_retry(lambda: clients[0].send_text("o1", "您好")) for _ in range(5)]
    assert all(isinstance(outcome, Retry) for outcome in outcomes)
    assert fake.calls["message/custom/send"] == 10
    assert fake.calls["stable_token"] <= 7


@pytest.mark.parametrize(
    ("code", "kind", "gone"),
    [
        (-1, Retry, None), (45011, Retry, None), (45015, Quota, None), (45047, Quota, None),
        (45009, Quota, None), (40003, Refused, True), (43004, Refused, True),
        (48002, Refused, True), (45002, Refused, False), (48001, Refused, False),
        (43101, Refused, False), (50002, Refused, False), (40164, Refused, False),
        (47001, Refused, False), (99999, Refused, False),
    ],
)  # fmt: skip
async def test_every_error_code_has_its_outcome(
    fake: FakeApi, clients: list[WeChatApi], code: int, kind: type, gone: bool | None
) -> None:
    fake.always = code
    outcome = await clients[0].send_text("o1", "您好")
    assert isinstance(outcome, kind)
    assert outcome == outcome_of(code)
    assert getattr(outcome, "unreachable", None) == gone
    assert fake.calls["message/custom/send"] == 1


async def test_a_busy_or_broken_platform_is_tried_again(
    fake: FakeApi, clients: list[WeChatApi]
) -> None:
    await clients[0].send_text("o1", "一")
    fake.next_codes.extend([-1])
    fake.broken = 1
    outcome = await with_retry(lambda: clients[0].send_text("o1", "二"), (0.01, 0.01))
    assert isinstance(outcome, Sent)
    assert fake.texts("o1") == ["一", "二"]


async def test_nobody_there_is_a_retry(here: str) -> None:
    nobody = WeChatAccount(
        APP_ID, Secret(SECRET), Secret("token"), (), False, Url(f"http://127.0.0.1:{_free_port()}")
    )
    client = WeChatApi(nobody)
    assert isinstance(await client.send_text("o1", "您好"), Retry)
    await client.close()


async def test_a_wrong_secret_is_said_and_asked_for_rarely(fake: FakeApi) -> None:
    client = WeChatApi(_account(fake, "wrong"))
    outcomes = [await client.send_text("o1", "您好") for _ in range(5)]
    assert outcomes[0] == outcome_of(40125)
    assert fake.calls["stable_token"] == 1
    await client.close()


async def test_templates_notices_menus_to_press_and_the_menu(
    fake: FakeApi, clients: list[WeChatApi]
) -> None:
    client = clients[0]
    assert await client.send_template("o1", "known", {"thing1": "新岗位"}) == Sent("200228332")
    assert await client.send_template("o1", "other", {}) == outcome_of(40037)
    fake.agreed["o1"] = 1
    assert isinstance(await client.send_notice("o1", "t", {"thing1": "新岗位"}), Sent)
    assert await client.send_notice("o1", "t", {}) == outcome_of(43101)
    choices = [ReplyChoice("沈阳的", "沈阳铁西"), ReplyChoice("鞍山的", "鞍山铁西")]
    assert isinstance(await client.send_choices("o1", "哪个铁西？", choices), Sent)
    assert isinstance(await client.put_menu(menu().to_api()), Sent)
    assert fake.menu == menu().to_api()


async def test_the_token_is_kept_in_the_database(fake: FakeApi, clients: list[WeChatApi]) -> None:
    await clients[0].send_text("o1", "您好")
    with session() as db:
        kept = kept_token(db, APP_ID)
    assert kept is not None
    assert kept.token in fake.tokens


async def test_a_platform_that_never_answers_is_a_retry(
    here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_module, "TIMEOUT", ClientTimeout(total=0.2))
    port = _free_port()
    silent = await asyncio.start_server(lambda *_: asyncio.sleep(60), "127.0.0.1", port)
    client = WeChatApi(
        WeChatAccount(
            APP_ID, Secret(SECRET), Secret("token"), (), False, Url(f"http://127.0.0.1:{port}")
        )
    )
    assert isinstance(await client.send_text("o1", "您好"), Retry)
    await client.close()
    silent.close()


@pytest.mark.parametrize("status", [302, 307, 308])
async def test_the_secret_is_sent_on_to_no_other_host(here: str, status: int) -> None:
    asked: list[str] = []

    async def other(request: web.Request) -> web.Response:
        asked.append(await request.text())
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def sends_on(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": f"{away.make_url('/')}"})

    async with _served(other) as away, _served(sends_on) as platform:
        base = str(platform.make_url("")).rstrip("/")
        client = WeChatApi(
            WeChatAccount(APP_ID, Secret(SECRET), Secret("token"), (), False, Url(base))
        )
        try:
            assert isinstance(await client.send_text("o1", "您好"), Retry)
        finally:
            await client.close()
    assert asked == []


def _served(handler: Callable[[web.Request], Awaitable[web.Response]]) -> TestServer:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    return TestServer(app)
