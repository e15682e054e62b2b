"""人员与权限: accounts, roles and the areas in which they hold."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.audit.chain import Action, append
from bot.casework import accounts, roles
from bot.casework.areas import names_of
from bot.casework.roles import ROLES, Staff
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/staff", listing), web.post("/staff", add),
        web.post("/staff/{number}/grant", grant), web.post("/staff/{number}/leave", leave),
        web.post("/roles/{number}/revoke", revoke),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show the staff whose roles one may change."""
    return await _show(request, {})


async def add(request: web.Request) -> web.Response:
    """Add an account; the password is shown this once."""
    given = await form(request)
    name = given.get("name", "")
    _, password = await run(request[MEMBER], lambda db, me: accounts.add(db, me, name))
    return await _show(request, {"added": name, "password": password})


async def grant(request: web.Request) -> web.StreamResponse:
    """Give a role in an area."""
    wanted, given = number(request), await form(request)
    role, scope = given.get("role", ""), given.get("scope", "")

    def work(db: Session, me: Staff) -> None:
        roles.grant(db, me, wanted, role, scope)
        label = ROLES[role].label
        who = f"counsellor:{me.id}"
        append(db, Action(who, "grant", "counsellor", f"给角色：{label}", str(wanted), scope))

    await run(request[MEMBER], work)
    raise to("/staff", "granted")


async def revoke(request: web.Request) -> web.StreamResponse:
    """Take a role away."""
    wanted = number(request)

    def work(db: Session, me: Staff) -> None:
        row = roles.revoke(db, me, wanted)
        about = ("counsellor", "收回角色", str(row.counsellor_id), row.scope)
        append(db, Action(f"counsellor:{me.id}", "revoke", *about))

    await run(request[MEMBER], work)
    raise to("/staff", "revoked")


async def leave(request: web.Request) -> web.StreamResponse:
    """Close the account of somebody who leaves."""
    wanted = number(request)
    await run(request[MEMBER], lambda db, me: accounts.remove(db, me, wanted))
    raise to("/staff", "left")


async def _show(request: web.Request, shown: dict[str, str]) -> web.Response:
    def work(db: Session, me: Staff) -> dict[str, Any]:
        found = roles.members(db, me)
        scopes = {grant.scope for one in found for grant in one.grants if grant.scope}
        return {"members": found, "areas": names_of(db, scopes), "shown": shown}

    return await page(request, "staff.html", work)
