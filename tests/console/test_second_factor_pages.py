"""Login in two steps, by two console processes on one database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar
from aiohttp.test_utils import TestServer

from bot import clock
from bot.console.server import application
from tests.casework.codes import code_of
from tests.casework.conftest import NOW
from tests.console.conftest import PASSWORD, Browser, Enter, Page


@pytest.fixture
async def second_site(site: str) -> AsyncIterator[str]:
    """Another process of the console: the same key and database, limits of its own."""
    server = TestServer(application(b"tests", secure=False, by_the_clock=False))
    await server.start_server()
    yield f"http://{server.host}:{server.port}"
    await server.close()


def key_of(page: Page) -> str:
    """The key that a page shows."""
    return re.findall(r'class="key">([A-Z2-7 ]+)<', page.text)[0]


async def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set it up on the page; the key and the recovery codes. The code of NOW is used by it."""
    key = key_of(await browser.get("/second-factor"))
    done = await browser.post("/second-factor/confirm", code=code_of(key, NOW))
    codes = re.findall(r"<code>([a-z0-9-]+)</code>", done.text)
    assert len(codes) == 10
    return key, codes


async def test_a_login_takes_a_code_that_no_other_process_takes_again(
    enter: Enter, site: str, second_site: str
) -> None:
    clerk = await enter("李经办", "street", "210106001")
    other_session = await enter("李经办")
    key, recovery = await enrol(clerk)
    assert (await clerk.get("/")).has("今天")
    assert (await other_session.get("/")).path == "/login"
    with clock.frozen(NOW + timedelta(seconds=30)):
        code = code_of(key, NOW, 1)
        for origin, status in ((site, 200), (second_site, 401)):
            async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
                browser = Browser(client, origin)
                asked = await browser.post("/login", name="李经办", password=PASSWORD)
                assert asked.path == "/login/code"
                assert (await browser.get("/people")).path == "/login"
                assert (await browser.post("/login/code", code=code)).status == status
                assert ((await browser.get("/people")).path == "/people") == (status == 200)
        async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
            browser = Browser(client, second_site)
            await browser.post("/login", name="李经办", password=PASSWORD)
            assert (await browser.post("/login/code", code=recovery[3])).has("恢复码还剩9个")


async def test_without_the_password_no_code_is_asked_for(site: str, enter: Enter) -> None:
    await enrol(await enter("李经办", "street", "210106001"))
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        stranger = Browser(client, site)
        assert (await stranger.get("/login/code")).path == "/login"
        wrong = await stranger.post("/login", name="李经办", password="错的密码一二三四")
        assert wrong.status == 401
        assert (await stranger.post("/login/code", code="000000")).path == "/login"


async def test_a_half_session_is_none(site: str, enter: Enter) -> None:
    await enrol(await enter("李经办", "street", "210106001"))
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        await Browser(client, site).post("/login", name="李经办", password=PASSWORD)
        half = next(one.value for one in client.cookie_jar if one.key == "jiuye_console_half")
    async with ClientSession(
        cookie_jar=CookieJar(unsafe=True), cookies={"jiuye_console": half}
    ) as client:
        assert (await Browser(client, site).get("/")).path == "/login"


async def test_a_role_demands_it_and_a_head_resets_it(enter: Enter) -> None:
    operator = await enter("运维", "operator")
    head = await enter("赵主任", "district", "210106")
    clerk = await enter("李经办", "street", "210106001")
    await operator.get("/staff")
    assert (await operator.post("/roles/demand", role="street", demanded="1")).has("已保存")
    assert (await clerk.get("/people")).path == "/second-factor"
    assert (await clerk.post("/people", query="张测试")).path == "/second-factor"
    key, _ = await enrol(clerk)
    assert (await clerk.get("/people")).path == "/people"
    staff = await head.get("/staff")
    number = re.findall(r"/staff/(\d+)/reset-factor", staff.text)
    done = await head.post(f"/staff/{number[0]}/reset-factor")
    assert done.has("已重设")
    assert (await clerk.get("/people")).path == "/login"
    again = await clerk.post("/login", name="李经办", password=PASSWORD)
    assert again.path == "/second-factor"
    assert key_of(again) != key


async def test_it_is_turned_off_by_a_code_for_another_telephone(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    _, recovery = await enrol(clerk)
    await clerk.get("/second-factor")
    assert (await clerk.post("/second-factor/off", code="123456")).status == 401
    off = await clerk.post("/second-factor/off", code=recovery[0])
    assert off.has("第二重验证已停用", "密钥填")
