"""Who may call what at the desk, and the calls themselves: JSON in, JSON out.

What changes something needs the session's cookie, its CSRF token and our own Origin; the cookie is
SameSite=Strict and no script can read it. Nobody without a session learns whether a ticket exists.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.audit.chain import Action, append
from bot.channels.frame.database import in_database
from bot.channels.frame.limits import Limit
from bot.channels.frame.routes import Handler
from bot.db.session import Session, session
from bot.desk import lists, work
from bot.desk.accounts import Account, by_id, check, sign_out
from bot.desk.errors import DeskError, NoSuchTicket, NotYours, TicketClosed
from bot.desk.signing import HOLDS, Signer
from bot.tickets.opening import LONGEST as LONGEST_TEXT

COOKIE = "jiuye_desk"
#: Bytes of a call's body.
LONGEST = 32 * 1024
#: Logins for one name and from one address within seconds; each costs 50 ms of a core.
LOGINS, WINDOW = 5, 60.0
#: And for one name from all addresses together.
ANYWHERE = 60
#: Why tickets are looked at, in the log of looks.
PURPOSE = "接转人工的工单"
#: Hashes of passwords that are computed at once.
AT_ONCE = 2
#: Key by which the page marks a reply, so that a retry sends nothing twice.
_KEY = re.compile(r"[\w-]{8,64}")
_SAID: dict[type[DeskError], tuple[int, str]] = {
    NoSuchTicket: (404, "没有这个工单，或者它在同事手里。"),
    NotYours: (409, "这个工单不在你手里。"),
    TicketClosed: (409, "这个工单已经结束了。"),
}


class Door:
    """The calls of the page."""

    def __init__(self, signing: bytes, secure: bool) -> None:
        self._signer, self._secure = Signer(signing), secure
        self._by_name, self._by_address = Limit(LOGINS, WINDOW), Limit(4 * LOGINS, WINDOW)
        self._anywhere = Limit(ANYWHERE, WINDOW)
        self._room: asyncio.Semaphore | None = None

    async def login(self, request: Request) -> HTTPResponse:
        """Let a counsellor in: {"name", "password"}."""
        given = _body(request)
        if given is None or not _is_ours(request):
            return _no(400, "请从登录页登录。")
        name, password = str(given.get("name", ""))[:40], str(given.get("password", ""))[:300]
        address = request.remote_addr or request.ip
        # By name and address: who tries names from elsewhere keeps the right person out of nothing.
        tried = (
            self._by_address.check(address), self._by_name.check(f"{name.strip()} {address}"),
            self._anywhere.check(name.strip()),
        )  # fmt: skip
        if any(one != "ok" for one in tried):
            return _no(429, "试得太多了，过一分钟再来。")
        if self._room is None:  # made here: asyncio's primitives belong to the running loop
            self._room = asyncio.Semaphore(AT_ONCE)
        async with self._room:
            me = await asyncio.get_running_loop().run_in_executor(None, _check, name, password)
        if me is None:
            return _no(401, "名字或密码不对。")
        cookie = self._signer.session(me)
        answer = response.json(self._about(me, cookie), headers=_HEADERS)
        self._set(answer, cookie, HOLDS)
        return answer

    async def logout(self, request: Request) -> HTTPResponse:
        """End the counsellor's sessions, here and in other browsers."""
        me = await self._who(request)
        if me is None or not self._may_change(request):
            return _no(403, "请先登录。")
        await in_database(_sign_out, me)
        answer = response.json({}, headers=_HEADERS)
        self._set(answer, "", 0)
        return answer

    async def me(self, request: Request) -> HTTPResponse:
        """Say who is logged in, with the token for changes and the canned replies."""
        me = await self._who(request)
        if me is None:
            return _no(401, "请先登录。")
        return response.json(self._about(me, request.cookies.get(COOKIE) or ""), headers=_HEADERS)

    async def tickets(self, request: Request) -> HTTPResponse:
        """Return the three lists."""
        me = await self._who(request)
        if me is None:
            return _no(401, "请先登录。")
        return _json(await in_database(_lists, me))

    async def talk(self, request: Request) -> HTTPResponse:
        """Return a ticket's conversation: ?ticket=1&after=0."""
        me = await self._who(request)
        if me is None:
            return _no(401, "请先登录。")
        ticket, after = _number(request.args.get("ticket")), _number(request.args.get("after"))
        try:
            return _json(await in_database(_talk, me, ticket, after))
        except NoSuchTicket as no:
            return _no(*_SAID[type(no)])

    def doing(self, what: str) -> Handler:
        """Return the call that takes, answers, gives back or closes: {"ticket", "text", "key"}."""

        async def do(request: Request) -> HTTPResponse:
            me = await self._who(request)
            if me is None or not self._may_change(request):
                return _no(403, "请先登录。")
            given = _body(request) or {}
            if what == "reply" and not _is_reply(given):
                return _no(400, "还没写字，或者太长了。")
            try:
                await in_database(_do, what, me, given)
            except (NoSuchTicket, NotYours, TicketClosed) as no:
                return _no(*_SAID[type(no)])
            return response.json({}, headers=_HEADERS)

        return do

    async def _who(self, request: Request) -> Account | None:
        """Return the counsellor of a genuine, present session."""
        cookie = request.cookies.get(COOKIE)
        claimed = self._signer.claimed(cookie)
        if cookie is None or claimed is None:
            return None
        account: Account | None = await in_database(_by_id, claimed)
        return account if account and self._signer.holds(cookie, account) else None

    def _may_change(self, request: Request) -> bool:
        token = request.headers.get("X-CSRF-Token")
        return _is_ours(request) and self._signer.is_csrf(token, request.cookies.get(COOKIE) or "")

    def _about(self, me: Account, cookie: str) -> dict[str, Any]:
        return {"name": me.name, "csrf": self._signer.csrf(cookie), "canned": lists.canned()}

    def _set(self, answer: HTTPResponse, cookie: str, seconds: int) -> None:
        answer.add_cookie(
            COOKIE, cookie, path="/desk", max_age=seconds, httponly=True, samesite="Strict",
            secure=self._secure,
        )  # fmt: skip


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _is_ours(request: Request) -> bool:
    """Tell whether a call comes from a page of this server: browsers send Origin with a POST."""
    origin = request.headers.get("Origin")
    hosts = (request.headers.get("Host"), request.headers.get("X-Forwarded-Host"))
    return origin is not None and urlsplit(origin).netloc in [host for host in hosts if host]


def _body(request: Request) -> dict[str, Any] | None:
    """Return the JSON object of a call, None when there is none. A form of a page has none."""
    if len(request.body) > LONGEST or "json" not in (request.content_type or ""):
        return None
    try:
        body = request.json
    except Exception:
        return None
    return body if isinstance(body, dict) else None


def _is_reply(given: Mapping[str, Any]) -> bool:
    text, key = given.get("text"), given.get("key")
    fits = isinstance(text, str) and 0 < len(text.strip()) <= LONGEST_TEXT
    return fits and isinstance(key, str) and _KEY.fullmatch(key) is not None


def _number(given: object) -> int:
    said = str(given or 0)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


def _no(status: int, why: str) -> HTTPResponse:
    return response.json({"error": why}, status, headers=_HEADERS)


def _json(found: Any) -> HTTPResponse:
    return response.json(_plain(asdict(found)), headers=_HEADERS)


def _plain(value: Any) -> Any:
    """Return values as JSON has them: moments as 11-25 08:30."""
    if isinstance(value, datetime):
        return f"{value:%m-%d %H:%M}"
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def _check(name: str, password: str) -> Account | None:
    with session() as db:
        return check(db, name, password)


def _by_id(number: int) -> Account | None:
    with session() as db:
        return by_id(db, number)


def _lists(me: Account) -> lists.Lists:
    with session() as db:
        return lists.lists(db, me)


def _talk(me: Account, ticket: int, after: int) -> lists.Talk:
    with session() as db:
        found = lists.talk(db, me, ticket, after)
        if not after:  # opened; what comes later is asked for again and again
            _log(db, me, "view", ticket)
        return found


def _sign_out(me: Account) -> None:
    with session() as db:
        sign_out(db, me.id)


def _log(db: Session, me: Account, action: str, ticket: int) -> None:
    """Leave a row in the log of looks."""
    append(db, Action(f"counsellor:{me.id}", action, "ticket", PURPOSE, object_id=str(ticket)))


def _do(what: str, me: Account, given: Mapping[str, Any]) -> None:
    ticket = _number(given.get("ticket"))
    with session() as db:
        if what == "take":
            work.take(db, me, ticket)
        elif what == "reply":
            work.answer(db, me, ticket, given["text"].strip(), given["key"])
        elif what == "back":
            work.give_back(db, me, ticket)
        else:
            work.close(db, me, ticket)
        _log(db, me, what, ticket)
