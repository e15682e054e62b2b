"""The platform's API as its pages describe it: tokens, quotas, limits, error codes. Test side.

tests/channels/wechat/test_fake_api.py holds it against the unmodified wechatpy client.
"""

from __future__ import annotations

import json
import secrets
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

APP_ID, SECRET = "wx0123456789abcdef", "secret-of-the-account"
BYTES, SENDS, SECONDS_VALID = 2048, 5, 7200


@dataclass
class Sent:
    openid: str
    kind: str
    text: str
    raw: dict[str, Any]


@dataclass
class FakeApi:
    """One account's API. `now` can be moved; what is sent is kept in `sent`."""

    url: str = ""
    sent: list[Sent] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    followers: set[str] | None = None
    blocked: set[str] = field(default_factory=set)
    agreed: Counter[str] = field(default_factory=Counter)
    wrote_at: dict[str, float] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    always: int | None = None
    """An error code that every call but the token's gets."""
    next_codes: deque[int] = field(default_factory=deque)
    """Error codes for the next calls."""
    menus: bool = True
    escaped: int = 0
    """Bodies with \\u escapes, which people would see."""
    shift: float = 0.0
    menu: Any = None
    broken: int = 0
    """So many next calls are answered with 502."""
    busy_after: int | None = None
    """After so many messages to a person the platform is busy."""

    def now(self) -> float:
        return time.time() + self.shift

    def wrote(self, openid: str) -> None:
        """The person has written: five messages within 48 hours."""
        self.wrote_at[openid], self.left[openid] = self.now(), SENDS

    def texts(self, openid: str) -> list[str]:
        return [one.text for one in self.sent if one.openid == openid]

    def application(self) -> web.Application:
        app = web.Application(middlewares=[self._count])
        app.router.add_post("/cgi-bin/stable_token", self._stable)
        app.router.add_get("/cgi-bin/token", self._classic)
        for path, answer in (
            ("message/custom/send", self._custom),
            ("message/template/send", self._template),
            ("message/subscribe/bizsend", self._notice),
            ("menu/create", self._create_menu),
        ):
            app.router.add_post(f"/cgi-bin/{path}", self._with_token(answer))
        app.router.add_get("/cgi-bin/menu/get", self._with_token(self._get_menu))
        return app

    @web.middleware
    async def _count(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls[request.path.removeprefix("/cgi-bin/")] += 1
        if self.broken:
            self.broken -= 1
            return web.Response(status=502, text="<html>bad gateway</html>")
        return await handler(request)

    async def _stable(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("appid") != APP_ID:
            return _error(40013, "invalid appid")
        if body.get("secret") != SECRET:
            return _error(40125, "invalid appsecret")
        current = [t for t, end in self.tokens.items() if end - self.now() > 300]
        if not current or body.get("force_refresh"):
            for token in current:
                self.tokens[token] = self.now() + 300
            current = [self._issue()]
        left = int(self.tokens[current[-1]] - self.now())
        return web.json_response({"access_token": current[-1], "expires_in": left})

    async def _classic(self, request: web.Request) -> web.Response:
        if request.query.get("appid") != APP_ID or request.query.get("secret") != SECRET:
            return _error(40125, "invalid appsecret")
        return web.json_response({"access_token": self._issue(), "expires_in": SECONDS_VALID})

    def _issue(self) -> str:
        token = secrets.token_urlsafe(60)
        self.tokens[token] = self.now() + SECONDS_VALID
        return token

    def _with_token(self, answer: Any) -> Any:
        async def checked(request: web.Request) -> web.Response:
            token = request.query.get("access_token", "")
            raw = (await request.read()).decode()
            if not token:
                return _error(41001, "access_token missing")
            if token not in self.tokens:
                return _error(40001, "invalid credential")
            if self.tokens[token] <= self.now():
                return _error(42001, "access_token expired")
            if self.always is not None:
                return _error(self.always, "as the test wants")
            if self.next_codes:
                return _error(self.next_codes.popleft(), "as the test wants")
            try:
                body = json.loads(raw) if raw else {}
            except ValueError:
                return _error(47001, "data format error")
            self.escaped += "\\u" in raw
            return answer(body)

        return checked

    def _custom(self, body: dict[str, Any]) -> web.Response:
        to, kind = body.get("touser", ""), body.get("msgtype", "")
        refused = self._refused(to)
        if refused:
            return refused
        if self.busy_after is not None and len(self.texts(to)) >= self.busy_after:
            return _error(-1, "system error")
        if kind == "msgmenu" and not self.menus:
            return _error(40200, "invalid account type")
        menu = body.get("msgmenu", {})
        text = menu.get("head_content", "") if kind == "msgmenu" else body["text"]["content"]
        if not text:
            return _error(44004, "empty content")
        if len(text.encode()) > BYTES:
            return _error(45002, "content size out of limit")
        if self.now() - self.wrote_at.get(to, 0) > 48 * 3600:
            return _error(45015, "response out of time limit")
        if self.left[to] <= 0:
            return _error(45047, "out of response count limit")
        self.left[to] -= 1
        self.sent.append(Sent(to, kind, text, body))
        return _ok()

    def _refused(self, to: str) -> web.Response | None:
        if not to.startswith("o"):
            return _error(40003, "invalid openid")
        if self.followers is not None and to not in self.followers:
            return _error(43004, "require subscribe")
        return _error(48002, "user blocks") if to in self.blocked else None

    def _template(self, body: dict[str, Any]) -> web.Response:
        if body.get("template_id") != "known":
            return _error(40037, "invalid template_id")
        self.sent.append(Sent(body["touser"], "template", str(body["data"]), body))
        return _ok(msgid=200228332)

    def _notice(self, body: dict[str, Any]) -> web.Response:
        if self.agreed[body["touser"]] <= 0:
            return _error(43101, "user refuse to accept the msg")
        self.agreed[body["touser"]] -= 1
        self.sent.append(Sent(body["touser"], "notice", str(body["data"]), body))
        return _ok()

    def _create_menu(self, body: dict[str, Any]) -> web.Response:
        self.menu = body
        return _ok()

    def _get_menu(self, _: dict[str, Any]) -> web.Response:
        return web.json_response({"menu": self.menu})


def _error(code: int, text: str) -> web.Response:
    # HTTP 200 for errors, with the platform's request id in the text.
    return web.json_response({"errcode": code, "errmsg": f"{text} rid: 65f0a1b2-1a2b3c4d-5e6f7a8b"})


def _ok(**more: Any) -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok", **more})
