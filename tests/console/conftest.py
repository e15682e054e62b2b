"""The console as a running server, and members of staff who use it by their browsers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar, FormData
from aiohttp.test_utils import TestServer

from bot import clock
from bot.casework import roles
from bot.casework.areas import load_localities
from bot.casework.duties import read_duties
from bot.casework.duty_store import known_regions, load
from bot.console.server import application
from bot.db.session import Session, session
from bot.db.tables import Counsellor
from bot.handoff import passwords
from bot.settings import ROOT
from tests.casework.conftest import NOW

PASSWORD = "示范密码一二三四五六"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Page:
    """An answer: its status, address and text."""

    def __init__(self, status: int, path: str, text: str, headers: Any) -> None:
        self.status, self.path, self.text, self.headers = status, path, unescape(text), headers

    def has(self, *words: str) -> bool:
        """Whether all words stand on the page."""
        return all(word in self.text for word in words)


class Browser:
    """Somebody's browser: keeps the cookie, sends the token of the page and an Origin."""

    def __init__(self, client: ClientSession, origin: str) -> None:
        self._client, self._origin, self.csrf = client, origin, ""

    async def get(self, path: str) -> Page:
        """Open a page."""
        async with self._client.get(self._origin + path) as answer:
            return await self._page(answer)

    async def post(
        self, path: str, origin: str = "", csrf: str | None = None, **fields: str
    ) -> Page:
        """Send a form; the page that the answer leads to."""
        given = {"csrf": self.csrf if csrf is None else csrf, **fields}
        headers = {"Origin": origin or self._origin}
        async with self._client.post(self._origin + path, data=given, headers=headers) as answer:
            return await self._page(answer)

    async def download(self, path: str) -> tuple[int, bytes, str]:
        """Send the form of a button that gives a file: status, body, disposition."""
        headers = {"Origin": self._origin}
        given = {"csrf": self.csrf}
        async with self._client.post(self._origin + path, data=given, headers=headers) as answer:
            return answer.status, await answer.read(), answer.headers["Content-Disposition"]

    async def upload(self, path: str, name: str, body: bytes, **fields: str) -> Page:
        """Send a form with a file."""
        form = FormData({"csrf": self.csrf, **fields})
        form.add_field("sheet", body, filename=name)
        headers = {"Origin": self._origin}
        async with self._client.post(self._origin + path, data=form, headers=headers) as answer:
            return await self._page(answer)

    async def _page(self, answer: Any) -> Page:
        text = await answer.text()
        found = _CSRF.search(text)
        if found:
            self.csrf = found[1]
        return Page(answer.status, answer.url.path_qs, text, answer.headers)


Enter = Callable[..., Any]


@pytest.fixture
async def site(here: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of a console on a database with duties and streets, at ten on a Monday."""
    monkeypatch.setattr(passwords, "N", 2**4)  # the cost of a hash is no matter here
    with clock.frozen(NOW):
        with session() as db:
            load(db, read_duties([ROOT / "data" / "duties"], known_regions(db)))
            load_localities(db)
        server = TestServer(application(b"tests", secure=False, by_the_clock=False))
        await server.start_server()
        yield f"http://{server.host}:{server.port}"
        await server.close()


@pytest.fixture
async def enter(site: str) -> AsyncIterator[Enter]:
    """Log in: `await enter("李经办", "street", "210106001")` gives a browser."""
    clients = []

    async def one(name: str, role: str = "", scope: str = "") -> Browser:
        with session() as db:
            add_member(db, name, role, scope)
        client = ClientSession(cookie_jar=CookieJar(unsafe=True))
        clients.append(client)
        browser = Browser(client, site)
        page = await browser.post("/login", name=name, password=PASSWORD)
        assert page.status in (200, 403), page.text
        return browser

    yield one
    for client in clients:
        await client.close()


def add_member(db: Session, name: str, role: str, scope: str) -> int:
    """An account with a role, unless it is there."""
    there = db.query(Counsellor).filter_by(name=name).one_or_none()
    if there is not None:
        return there.id
    one = Counsellor(name=name, password_hash=passwords.hashed(PASSWORD), created_at=clock.now())
    db.add(one)
    db.flush()
    if role:
        roles.grant(db, None, one.id, role, scope)
    return one.id
