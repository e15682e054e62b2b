"""第二重验证: the authenticator of one's login and its recovery codes; its demand and reset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.casework.roles import Staff
from bot.casework_accounts import second_factor
from bot.casework_accounts.second_factor import Verdict
from bot.console.database import run
from bot.console.web import (
    CSRF,
    MEMBER,
    SIGNER,
    form,
    number,
    page,
    render,
    set_session,
    to,
)
from bot.db.session import Session
from bot.handoff.accounts import Account, by_id
from bot.wording import wording

_SAY = wording("console")
_PATH = "/second-factor"
_Result = tuple[Verdict, list[str]]


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get(_PATH, show), web.post(_PATH + "/{what:confirm|renew|off}", act),
        web.post("/staff/{number}/reset-factor", reset), web.post("/roles/demand", demand),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the state of one's own second factor; to who has none, the key to set it up with."""
    return await page(request, "second_factor.html", lambda db, me: _values(db, me, "", []))


async def act(request: web.Request) -> web.StreamResponse:
    """Confirm the key by its first code, renew the recovery codes, or turn it off."""
    action, code = request.match_info["what"], (await form(request)).get("code", "")[:40]

    def work(db: Session, me: Staff) -> tuple[_Result, dict[str, Any], Account | None]:
        result = _ACTIONS[action](db, me.id, code)
        verdict, codes = result
        wrong = "" if verdict in ("ok", "recovery") else _SAY(f"code_{verdict}")
        return result, {**_values(db, me, wrong, codes), "me": me}, by_id(db, me.id)

    (verdict, _), values, account = await run(request[MEMBER], work)
    if verdict in ("wrong", "locked") or account is None:
        return render(request, "second_factor.html", values, 429 if verdict == "locked" else 401)
    signer = request.app[SIGNER]
    cookie = signer.session(account)  # the account's stamp has changed
    request[CSRF] = signer.csrf(cookie)
    answer: web.StreamResponse = (
        to(_PATH, "factor_off")
        if action == "off"
        else render(request, "second_factor.html", values)
    )
    set_session(request, answer, cookie)
    return answer


async def reset(request: web.Request) -> web.StreamResponse:
    """Remove a colleague's second factor."""
    counsellor_id = number(request)
    await run(request[MEMBER], lambda db, me: second_factor.reset(db, me, counsellor_id))
    raise to("/staff", "factor_reset")


async def demand(request: web.Request) -> web.StreamResponse:
    """Demand a second factor of a role, or no longer."""
    fields = await form(request)
    role, is_on = fields.get("role", ""), fields.get("demanded") == "1"
    await run(request[MEMBER], lambda db, me: second_factor.demand(db, me, role, is_on))
    raise to("/staff", "saved")


def _off(db: Session, counsellor_id: int, code: str) -> _Result:
    return second_factor.turn_off(db, counsellor_id, code), []


_ACTIONS: dict[str, Callable[[Session, int, str], _Result]] = {
    "confirm": second_factor.confirm, "renew": second_factor.renew_recovery_codes, "off": _off,
}  # fmt: skip


def _values(db: Session, me: Staff, wrong: str, codes: list[str]) -> dict[str, Any]:
    state = second_factor.state(db, me.id)
    enrolment = None if state.is_enrolled else second_factor.begin(db, me.id, me.name)
    return {"state": state, "enrolment": enrolment, "wrong": wrong, "codes": codes}
