"""人员与权限: accounts, roles and the areas in which they hold."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.audit.chain import Action, append
from bot.casework import roles
from bot.casework.areas import names_of
from bot.casework.roles import ACCOUNTS, ROLES, Staff
from bot.casework_accounts import accounts, second_factor
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
    """Show the staff with roles that the member may change."""
    return await _show(request, {})


async def add(request: web.Request) -> web.Response:
    """Add an account; the password is shown this once."""
    fields = await form(request)
    name = fields.get("name", "")
    _, password = await run(request[MEMBER], lambda db, me: accounts.add(db, me, name))
    return await _show(request, {"added": name, "password": password})


async def grant(request: web.Request) -> web.StreamResponse:
    """Give a role in an area."""
    counsellor_id, fields = number(request), await form(request)
    role, scope = fields.get("role", ""), fields.get("scope", "")

    def work(db: Session, me: Staff) -> None:
        roles.grant(db, me, counsellor_id, role, scope)
        label = ROLES[role].label
        actor = f"counsellor:{me.id}"
        append(
            db, Action(actor, "grant", "counsellor", f"给角色：{label}", str(counsellor_id), scope)
        )

    await run(request[MEMBER], work)
    raise to("/staff", "granted")


async def revoke(request: web.Request) -> web.StreamResponse:
    """Take a role away."""
    grant_id = number(request)

    def work(db: Session, me: Staff) -> None:
        row = roles.revoke(db, me, grant_id)
        subject = ("counsellor", "收回角色", str(row.counsellor_id), row.scope)
        append(db, Action(f"counsellor:{me.id}", "revoke", *subject))

    await run(request[MEMBER], work)
    raise to("/staff", "revoked")


async def leave(request: web.Request) -> web.StreamResponse:
    """Close the account of a member who leaves."""
    counsellor_id = number(request)
    await run(request[MEMBER], lambda db, me: accounts.remove(db, me, counsellor_id))
    raise to("/staff", "left")


async def _show(request: web.Request, notice: dict[str, str]) -> web.Response:
    def work(db: Session, me: Staff) -> dict[str, Any]:
        members = roles.members(db, me)
        scopes = {grant.scope for member in members for grant in member.grants if grant.scope}
        return {
            "members": members, "areas": names_of(db, scopes), "shown": notice,
            "enrolled": second_factor.enrolled(db), "demanded": second_factor.demanded_roles(db),
            "may_demand": me.may(ACCOUNTS),
        }  # fmt: skip

    return await page(request, "staff.html", work)
