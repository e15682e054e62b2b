"""Login by password and, where the account has one, second factor; logout."""

from __future__ import annotations

import asyncio
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.casework.errors import WrongState
from bot.casework.roles import Staff
from bot.casework_accounts import second_factor
from bot.console.database import run, run_plain
from bot.console.web import MEMBER, SECURE, SIGNER, form, render, set_session, to
from bot.db.session import Session
from bot.handoff.accounts import Account, by_id, change_password, check
from bot.handoff.errors import UnfitPassword
from bot.handoff.session_tokens import HALF_SECONDS
from bot.rate_limits.rate_limit import RateLimit
from bot.wording import wording

_SAY = wording("console")
#: Tries for one name, and from one address, within seconds; each costs 50 ms of a core.
TRIES, WINDOW = 5, 60
_Limits = tuple[RateLimit, RateLimit]
LIMITS: web.AppKey[_Limits] = web.AppKey("limits", tuple)
#: Hashes of passwords that are computed at once.
_MAX_PARALLEL_HASHES = 2
#: Holds the half session between the password and the code.
HALF_COOKIE = "jiuye_console_half"


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/login", show), web.post("/login", login), web.post("/logout", logout),
        web.get("/login/code", show_code), web.post("/login/code", enter_code),
        web.get("/password", show_password), web.post("/password", set_password),
    ]  # fmt: skip


def limits() -> _Limits:
    """Return what counts the tries for one name, and from one address."""
    return RateLimit("console-name", TRIES, WINDOW), RateLimit("console-address", 4 * TRIES, WINDOW)


async def show(request: web.Request) -> web.Response:
    """Show the form."""
    return render(request, "login.html", {"wrong": ""})


async def login(request: web.Request) -> web.StreamResponse:
    """Let a member of staff in."""
    fields = await form(request)
    name, password = fields.get("name", "")[:40], fields.get("password", "")[:300]
    by_name, by_address = request.app[LIMITS]
    tried = await by_address.check(request.remote or "")
    if tried == "ok":
        tried = await by_name.check(name)
    if tried != "ok":
        return render(request, "login.html", {"wrong": _SAY("too_many_attempts")}, 429)
    async with _room():
        account = await run_plain(lambda db: check(db, name, password))
    if account is None:
        return render(request, "login.html", {"wrong": _SAY("wrong_login")}, 401)
    if account.has_second_factor:
        answer = to("/login/code")
        _set_half(request, answer, request.app[SIGNER].half_session(account), HALF_SECONDS)
        return answer
    answer = to("/")
    set_session(request, answer, request.app[SIGNER].session(account))
    return answer


async def show_code(request: web.Request) -> web.Response:
    """Show the form for the code of the second factor."""
    if await _half_way(request) is None:
        raise to("/login")
    return render(request, "login_code.html", {"wrong": ""})


async def enter_code(request: web.Request) -> web.StreamResponse:
    """Let a member of staff in by the code of the second factor or a recovery code."""
    account, fields = await _half_way(request), await form(request)
    if account is None:
        raise to("/login")
    _, by_address = request.app[LIMITS]
    if await by_address.check(request.remote or "") != "ok":
        return render(request, "login_code.html", {"wrong": _SAY("too_many_attempts")}, 429)
    code = fields.get("code", "")[:40]
    verdict = await run_plain(lambda db: second_factor.check(db, account.id, code))
    if verdict in ("wrong", "locked"):
        status = 401 if verdict == "wrong" else 429
        return render(request, "login_code.html", {"wrong": _SAY(f"code_{verdict}")}, status)
    answer = to("/second-factor" if verdict == "recovery" else "/")
    set_session(request, answer, request.app[SIGNER].session(account))
    _set_half(request, answer, "", 0)
    return answer


async def logout(request: web.Request) -> web.StreamResponse:
    """Take the session from the browser."""
    answer = to("/login")
    set_session(request, answer, "")
    return answer


async def show_password(request: web.Request) -> web.Response:
    """Show the form for a new password."""
    me = await run(request[MEMBER], lambda db, me: me)
    return render(request, "password.html", {"me": me})


async def set_password(request: web.Request) -> web.StreamResponse:
    """Change one's own password, which ends all sessions."""
    fields = await form(request)

    def change(db: Session, me: Staff) -> Account | None:
        if check(db, me.name, fields.get("old", "")) is None:
            raise WrongState(_SAY("wrong_password"))
        try:
            change_password(db, me.name, fields.get("new", ""))
        except UnfitPassword:
            raise WrongState(_SAY("unfit_password")) from None
        return None

    await run(request[MEMBER], change)
    answer = to("/login")
    set_session(request, answer, "")
    return answer


async def _half_way(request: web.Request) -> Account | None:
    """Return the account of a genuine half session."""
    cookie, signer = request.cookies.get(HALF_COOKIE), request.app[SIGNER]
    claimed = signer.claimed_id(cookie, HALF_SECONDS)
    if cookie is None or claimed is None:
        return None
    account = await run_plain(lambda db: by_id(db, claimed))
    return account if account is not None and signer.is_half_valid(cookie, account) else None


def _set_half(request: web.Request, answer: web.StreamResponse, cookie: str, seconds: int) -> None:
    answer.set_cookie(
        HALF_COOKIE, cookie, max_age=seconds, path="/login", httponly=True, samesite="Strict",
        secure=request.app[SECURE],
    )  # fmt: skip


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _room() -> asyncio.Semaphore:
    """Return the room for hashes of the running loop."""
    return _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_MAX_PARALLEL_HASHES))
