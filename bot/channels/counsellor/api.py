"""JSON API of the counsellors' page, with its authentication.

A call that changes something needs the session's cookie, its CSRF token and our own Origin; the
cookie is SameSite=Strict and no script can read it. Without a session a caller never learns whether
a ticket exists.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.audit.chain import Action, append
from bot.casework_accounts import second_factor
from bot.casework_accounts.second_factor import Verdict
from bot.casework_desk.tickets import check_desk_scope, desk_scope
from bot.channels.base.routes import Handler
from bot.db.session import Session, session
from bot.db.threads import in_database
from bot.handoff import queue, service
from bot.handoff.accounts import Account, by_id, check, sign_out
from bot.handoff.errors import DeskError, NoSuchTicket, NotYours, TicketClosed
from bot.handoff.session_tokens import SESSION_SECONDS, Signer, is_same_origin
from bot.handoff.tickets import MAX_LINE_CHARS
from bot.rate_limits.rate_limit import RateLimit
from bot.wording import wording

COOKIE = "jiuye_desk"
#: Bytes of a call's body.
MAX_BODY_BYTES = 32 * 1024
#: Logins for one name and from one address within seconds; each costs 50 ms of a core.
MAX_LOGINS, LOGIN_WINDOW_S = 5, 60
#: And for one name from all addresses together.
MAX_LOGINS_ANYWHERE = 60
#: Why tickets are looked at, in the log of looks.
PURPOSE = "接转人工的工单"
#: Hashes of passwords that are computed at once.
MAX_CONCURRENT_HASHES = 2
#: Key by which the page marks a reply, so that a retry sends nothing twice.
_KEY = re.compile(r"[\w-]{8,64}")
_SAY = wording("counsellor_desk")
_ERROR_TEXTS: dict[type[DeskError], tuple[int, str]] = {
    NoSuchTicket: (404, _SAY("no_such_ticket")),
    NotYours: (409, _SAY("not_yours")),
    TicketClosed: (409, _SAY("ticket_closed")),
}


class ConsoleApi:
    """The calls of the page."""

    def __init__(self, signing: bytes, secure: bool) -> None:
        self._signer, self._secure = Signer(signing), secure
        self._by_name, self._by_address = (
            RateLimit("desk-name", MAX_LOGINS, LOGIN_WINDOW_S),
            RateLimit("desk-address", 4 * MAX_LOGINS, LOGIN_WINDOW_S),
        )
        self._anywhere = RateLimit("desk-anywhere", MAX_LOGINS_ANYWHERE, LOGIN_WINDOW_S)
        self._room: asyncio.Semaphore | None = None

    async def login(self, request: Request) -> HTTPResponse:
        """Let a counsellor in: {"name", "password"}, and "code" where there is a second factor."""
        body = _body(request)
        if body is None or not is_same_origin(request.headers):
            return _error(400, _SAY("login_from_page"))
        name, password = str(body.get("name", ""))[:40], str(body.get("password", ""))[:300]
        address = request.remote_addr or request.ip
        # By name and address: who tries names from elsewhere keeps the right person out of nothing.
        tried = (
            await self._by_address.check(address),
            await self._by_name.check(f"{name.strip()} {address}"),
            await self._anywhere.check(name.strip()),
        )
        if any(verdict != "ok" for verdict in tried):
            return _error(429, _SAY("too_many_logins"))
        if self._room is None:  # made here: asyncio's primitives belong to the running loop
            self._room = asyncio.Semaphore(MAX_CONCURRENT_HASHES)
        async with self._room:
            counsellor = await asyncio.get_running_loop().run_in_executor(
                None, _check, name, password
            )
        if counsellor is None:
            return _error(401, _SAY("wrong_login"))
        if counsellor.has_second_factor:
            code = str(body.get("code", ""))[:40]
            if not code:
                return _error(401, _SAY("code_missing"))
            if await in_database(_check_code, counsellor.id, code) not in ("ok", "recovery"):
                return _error(401, _SAY("code_wrong"))
        cookie = self._signer.session(counsellor)
        answer = response.json(self._profile(counsellor, cookie), headers=_HEADERS)
        self._set(answer, cookie, SESSION_SECONDS)
        return answer

    async def logout(self, request: Request) -> HTTPResponse:
        """End the counsellor's sessions, here and in other browsers."""
        counsellor = await self._authenticated(request)
        if counsellor is None or not self._may_change(request):
            return _error(403, _SAY("not_logged_in"))
        await in_database(_sign_out, counsellor)
        answer = response.json({}, headers=_HEADERS)
        self._set(answer, "", 0)
        return answer

    async def me(self, request: Request) -> HTTPResponse:
        """Say who is logged in, with the token for changes and the canned replies."""
        counsellor = await self._authenticated(request)
        if counsellor is None:
            return _error(401, _SAY("not_logged_in"))
        return response.json(
            self._profile(counsellor, request.cookies.get(COOKIE) or ""), headers=_HEADERS
        )

    async def tickets(self, request: Request) -> HTTPResponse:
        """Return the three lists."""
        counsellor = await self._authenticated(request)
        if counsellor is None:
            return _error(401, _SAY("not_logged_in"))
        return _record_response(await in_database(_lists, counsellor))

    async def talk(self, request: Request) -> HTTPResponse:
        """Return a ticket's conversation: ?ticket=1&after=0."""
        counsellor = await self._authenticated(request)
        if counsellor is None:
            return _error(401, _SAY("not_logged_in"))
        ticket, after = _number(request.args.get("ticket")), _number(request.args.get("after"))
        try:
            return _record_response(await in_database(_talk, counsellor, ticket, after))
        except NoSuchTicket as error:
            return _error(*_ERROR_TEXTS[type(error)])

    def action_handler(self, action: str) -> Handler:
        """Return the call that takes, answers, gives back or closes: {"ticket", "text", "key"}."""

        async def do(request: Request) -> HTTPResponse:
            counsellor = await self._authenticated(request)
            if counsellor is None or not self._may_change(request):
                return _error(403, _SAY("not_logged_in"))
            body = _body(request) or {}
            if action == "reply" and not _is_reply(body):
                return _error(400, _SAY("unfit_reply"))
            try:
                await in_database(_perform, action, counsellor, body)
            except (NoSuchTicket, NotYours, TicketClosed) as error:
                return _error(*_ERROR_TEXTS[type(error)])
            return response.json({}, headers=_HEADERS)

        return do

    async def _authenticated(self, request: Request) -> Account | None:
        """Return the counsellor of a genuine, present session."""
        cookie = request.cookies.get(COOKIE)
        claimed = self._signer.claimed_id(cookie)
        if cookie is None or claimed is None:
            return None
        account: Account | None = await in_database(_by_id, claimed)
        return account if account and self._signer.is_valid(cookie, account) else None

    def _may_change(self, request: Request) -> bool:
        token = request.headers.get("X-CSRF-Token")
        return is_same_origin(request.headers) and self._signer.is_csrf(
            token, request.cookies.get(COOKIE) or ""
        )

    def _profile(self, counsellor: Account, cookie: str) -> dict[str, Any]:
        return {
            "name": counsellor.name,
            "csrf": self._signer.csrf(cookie),
            "canned": queue.canned(),
        }

    def _set(self, answer: HTTPResponse, cookie: str, seconds: int) -> None:
        answer.add_cookie(
            COOKIE, cookie, path="/desk", max_age=seconds, httponly=True, samesite="Strict",
            secure=self._secure,
        )  # fmt: skip


_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _body(request: Request) -> dict[str, Any] | None:
    """Return the JSON object of a call, None when there is none. A form of a page has none."""
    if len(request.body) > MAX_BODY_BYTES or "json" not in (request.content_type or ""):
        return None
    try:
        body = request.json
    except Exception:
        return None
    return body if isinstance(body, dict) else None


def _is_reply(body: Mapping[str, Any]) -> bool:
    text, key = body.get("text"), body.get("key")
    fits = isinstance(text, str) and 0 < len(text.strip()) <= MAX_LINE_CHARS
    return fits and isinstance(key, str) and _KEY.fullmatch(key) is not None


def _number(value: object) -> int:
    digits = str(value or 0)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


def _error(status: int, message: str) -> HTTPResponse:
    return response.json({"error": message}, status, headers=_HEADERS)


def _record_response(record: Any) -> HTTPResponse:
    return response.json(_as_json(asdict(record)), headers=_HEADERS)


def _as_json(value: Any) -> Any:
    """Return values as JSON has them: moments as 11-25 08:30."""
    if isinstance(value, datetime):
        return f"{value:%m-%d %H:%M}"
    if isinstance(value, dict):
        return {name: _as_json(member) for name, member in value.items()}
    return [_as_json(member) for member in value] if isinstance(value, (list, tuple)) else value


def _check(name: str, password: str) -> Account | None:
    with session() as db:
        return check(db, name, password)


def _check_code(number: int, code: str) -> Verdict:
    with session() as db:
        return second_factor.check(db, number, code)


def _by_id(number: int) -> Account | None:
    with session() as db:
        return by_id(db, number)


def _lists(counsellor: Account) -> queue.TicketLists:
    with session() as db:
        return queue.ticket_lists(db, counsellor, desk_scope(db, counsellor.id))


def _talk(counsellor: Account, ticket: int, after: int) -> queue.Conversation:
    with session() as db:
        scope = desk_scope(db, counsellor.id)
        conversation = queue.talk(db, counsellor, ticket, after, scope)
        if not after:  # opened; what comes later is asked for again and again
            _log(db, counsellor, "view", ticket)
        return conversation


def _sign_out(counsellor: Account) -> None:
    with session() as db:
        sign_out(db, counsellor.id)


def _log(db: Session, counsellor: Account, action: str, ticket: int) -> None:
    """Leave a row in the log of looks."""
    append(
        db, Action(f"counsellor:{counsellor.id}", action, "ticket", PURPOSE, object_id=str(ticket))
    )


def _perform(action: str, counsellor: Account, body: Mapping[str, Any]) -> None:
    ticket = _number(body.get("ticket"))
    with session() as db:
        check_desk_scope(db, counsellor.id, ticket)
        if action == "take":
            service.take_ticket(db, counsellor, ticket)
        elif action == "reply":
            service.answer_seeker(db, counsellor, ticket, body["text"].strip(), body["key"])
        elif action == "back":
            service.give_back(db, counsellor, ticket)
        else:
            service.close(db, counsellor, ticket)
        _log(db, counsellor, action, ticket)
