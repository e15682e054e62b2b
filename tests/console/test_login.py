from __future__ import annotations

import pytest
from aiohttp import ClientSession, CookieJar

from tests.console.conftest import PASSWORD, Browser, Enter


async def test_wrong_passwords_are_refused_and_counted(
    site: str, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter("王老师", "street", "210106001")
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client:
        stranger = Browser(client, site)
        for _ in range(4):
            assert (await stranger.post("/login", name="王老师", password="错的")).status == 401
        assert (await stranger.post("/login", name="王老师", password=PASSWORD)).status == 429


async def test_a_password_is_changed_by_its_owner_and_ends_the_session(enter: Enter) -> None:
    clerk = await enter("李经办", "street", "210106001")
    await clerk.get("/password")
    assert (await clerk.post("/password", old="错", new="新的密码一二三四五六")).has("不对")
    assert (await clerk.post("/password", old=PASSWORD, new="短")).has("10到200")
    done = await clerk.post("/password", old=PASSWORD, new="新的密码一二三四五六")
    assert done.path == "/login"
    assert (await clerk.get("/")).path == "/login"
    again = await clerk.post("/login", name="李经办", password="新的密码一二三四五六")
    assert again.has("今天")
