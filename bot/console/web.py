"""Base of all pages: templates, login, checked forms, errors as pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import Any

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot import clock
from bot.casework import roles
from bot.casework.errors import CaseworkError, NotPermitted, NotVisible
from bot.casework.roles import ROLES, Staff
from bot.casework_accounts.second_factor import is_demanded
from bot.console.database import LoggedOut, Work, run, run_plain
from bot.db.session import DatabaseError, Session
from bot.handoff.accounts import Account, by_id
from bot.handoff.session_tokens import SESSION_SECONDS, Signer, is_same_origin
from bot.list_exports.sheets import KINDS, may_export
from bot.places.errors import ListingError
from bot.unanswered.errors import QuestionGroupError
from bot.warning.errors import WarningError
from bot.wording import wording

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
SIGNER = web.AppKey("signer", Signer)
SECURE = web.AppKey("secure", bool)
TEMPLATES = web.AppKey("templates", Environment)
#: Who is logged in, and the token of their forms.
MEMBER = web.RequestKey("member", int)
CSRF = web.RequestKey("csrf", str)
COOKIE = "jiuye_console"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: under it a browser sends the Origin of our own forms as null.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: Pages that need no login.
OPEN = ("/login", "/static/", "/health")
#: Pages for those whose role demands a second factor that they have not set up yet.
BEFORE_SECOND_FACTOR = ("/second-factor", "/password", "/logout")
#: Menu: address, name, what must be permitted.
MENU = (
    ("/", "今天", roles.PEOPLE), ("/tickets", "工单", roles.TICKETS),
    ("/postings", "岗位", roles.POSTINGS), ("/people", "人", roles.PEOPLE),
    ("/imports", "导入", roles.LEDGER), ("/transfers", "转移", roles.LEDGER),
    ("/exits", "注销复核", roles.REVIEW), ("/exports", "导出", roles.EXPORT),
    ("/focus", "重点帮扶", roles.PEOPLE), ("/focus", "重点帮扶", roles.NUMBERS),
    ("/numbers", "数字", roles.NUMBERS), ("/supply", "供需", roles.NUMBERS),
    ("/listings", "站点·会·班", roles.LISTINGS),
    ("/questions", "没答上", roles.QUESTIONS),
    ("/warning", "预警", roles.WARNING),
    ("/staff", "人员与权限", roles.ASSIGN),
    ("/staff", "人员与权限", roles.ACCOUNTS), ("/audit", "审计", roles.AUDIT),
)  # fmt: skip
_SAY = wording("console")


def templates() -> Environment:
    """Return the templates, with everything escaped that is put into them."""
    made = Environment(
        loader=PackageLoader("bot.console"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters.update(moment=_moment, day=_day)
    return made


async def page(
    request: web.Request, template: str, work: Work[Mapping[str, Any]], status: int = 200
) -> web.Response:
    """Return a page made of what some work finds, within the areas of who is logged in."""

    def within(db: Any, me: Staff) -> tuple[Staff, Mapping[str, Any]]:
        return me, work(db, me)

    me, values = await run(request[MEMBER], within)
    return render(request, template, {**values, "me": me}, status)


def render(
    request: web.Request, template: str, values: Mapping[str, Any], status: int = 200
) -> web.Response:
    """Return a template as a page."""
    me = values.get("me")
    menu = [(path, name) for path, name, needed in MENU if me is not None and me.may(needed)]
    common_values = {
        "menu": list(dict.fromkeys(menu)), "path": request.path, "csrf": request.get(CSRF, ""),
        "done": _done(request.query.get("done", "")), "today": clock.today(),
        "roles": ROLES, "me": None, "exportable": _exportable(me),
    }  # fmt: skip
    text = request.app[TEMPLATES].get_template(template).render({**common_values, **values})
    return web.Response(text=text, content_type="text/html", status=status)


def _exportable(me: Staff | None) -> dict[str, bool]:
    """Return which lists a member of staff may take out."""
    return {kind: me is not None and may_export(me, kind) for kind in KINDS}


def to(path: str, done: str = "") -> web.HTTPSeeOther:
    """Return the redirect after something was done."""
    return web.HTTPSeeOther(f"{path}?done={done}" if done else path)


def set_session(request: web.Request, answer: web.StreamResponse, cookie: str) -> None:
    """Give the browser a session; an empty one takes it away."""
    answer.set_cookie(
        COOKIE, cookie, max_age=SESSION_SECONDS if cookie else 0, path="/", httponly=True,
        samesite="Strict", secure=request.app[SECURE],
    )  # fmt: skip


def number(request: web.Request, name: str = "number") -> int:
    """Return a number of the address. Raises 404 for what is none."""
    text = request.match_info[name]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise web.HTTPNotFound
    return int(text)


async def form(request: web.Request) -> dict[str, str]:
    """Return the fields of a form as plain texts."""
    posted = await request.post()
    return {name: value.strip() for name, value in posted.items() if isinstance(value, str)}


def day_given(text: str) -> date | None:
    """Return the day of a form's field; None for an empty or impossible one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@web.middleware
async def secured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the security headers on every answer."""
    try:
        answer = await handler(request)
    except web.HTTPException as raised:
        raised.headers.update(HEADERS)
        raise
    answer.headers.update(HEADERS)
    return answer


@web.middleware
async def logged_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let those in who are logged in, and forms that come from a page of ours."""
    if request.path.startswith(OPEN):
        if request.method == "POST" and not is_same_origin(request.headers):
            raise web.HTTPForbidden(text=_SAY("use_login_page"))
        return await handler(request)
    signer, cookie = request.app[SIGNER], request.cookies.get(COOKIE)
    claimed = signer.claimed_id(cookie)
    account, must_enrol = (
        await run_plain(lambda db: _claimed(db, claimed)) if claimed is not None else (None, False)
    )
    if account is None or cookie is None or not signer.is_valid(cookie, account):
        raise web.HTTPSeeOther("/login")
    if must_enrol and not request.path.startswith(BEFORE_SECOND_FACTOR):
        raise web.HTTPSeeOther("/second-factor")
    request[MEMBER], request[CSRF] = account.id, signer.csrf(cookie)
    if request.method not in ("GET", "HEAD"):
        posted = await request.post()
        token = posted.get("csrf")
        if not is_same_origin(request.headers) or not signer.is_csrf(
            token if isinstance(token, str) else None, cookie
        ):
            raise web.HTTPForbidden(text=_SAY("page_expired"))
    return await handler(request)


@web.middleware
async def explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what went wrong in plain words."""
    try:
        return await handler(request)
    except LoggedOut:
        raise web.HTTPSeeOther("/login") from None
    except CaseworkError as wrong:
        status = {NotPermitted: 403, NotVisible: 404}.get(type(wrong), 409)
        return _sorry(request, str(wrong), status)
    except (ListingError, QuestionGroupError, WarningError) as wrong:
        return _sorry(request, str(wrong), 409)
    except web.HTTPNotFound:
        return _sorry(request, _SAY("page_missing"), 404)
    except DatabaseError:
        return _sorry(request, _SAY("database_away"), 503)


def _claimed(db: Session, number: int) -> tuple[Account | None, bool]:
    """Return an account, and whether it must set up a second factor before anything else."""
    account = by_id(db, number)
    lacks = account is not None and not account.has_second_factor
    return account, lacks and is_demanded(db, number)


def _done(name: str) -> str:
    """Return the sentence after something was done; only known names come from an address."""
    return _SAY.templates.get(f"done_{name}", "")


def _sorry(request: web.Request, why: str, status: int) -> web.Response:
    return render(request, "sorry.html", {"why": why}, status)


def _moment(value: datetime) -> str:
    return f"{value:%m-%d %H:%M}" if value.year == clock.today().year else f"{value:%Y-%m-%d %H:%M}"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
