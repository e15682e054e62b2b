"""转移: people who move between areas; one side proposes, the other decides."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.casework import transfers
from bot.casework.areas import names_of
from bot.casework.roles import LEDGER, Staff
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/transfers", listing), web.post("/transfers", ask),
        web.post("/people/{number}/transfer", hand_over),
        web.post("/transfers/{number}/{what:accept|refuse|withdraw}", act),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show the transfers from and to one's areas."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(LEDGER)
        scopes = me.scopes(LEDGER)
        return {
            "rows": transfers.listing(db, me), "states": transfers.STATES,
            "scopes": names_of(db, set(scopes)),
        }  # fmt: skip

    return await page(request, "transfers.html", work)


async def ask(request: web.Request) -> web.StreamResponse:
    """Ask the area that has a person to hand them over."""
    fields = await form(request)
    name, id_number = fields.get("name", "")[:40], fields.get("id_number", "")[:30]
    area, reason = fields.get("area", ""), fields.get("reason", "")
    await run(
        request[MEMBER],
        lambda db, me: transfers.ask_for(db, me, id_number, name, area, reason),
    )
    raise to("/transfers", "proposed_transfer")


async def hand_over(request: web.Request) -> web.StreamResponse:
    """Propose that another area takes a person over."""
    person_id, fields = number(request), await form(request)
    area, reason = fields.get("area", ""), fields.get("reason", "")
    await run(
        request[MEMBER],
        lambda db, me: transfers.hand_over(db, me, person_id, area, reason),
    )
    raise to("/transfers", "proposed_transfer")


async def act(request: web.Request) -> web.StreamResponse:
    """Agree to a transfer, refuse it, or take one's own back."""
    transfer_id, action, fields = number(request), request.match_info["what"], await form(request)

    def work(db: Session, me: Staff) -> str:
        if action == "accept":
            transfers.accept(db, me, transfer_id)
            return "transferred"
        if action == "refuse":
            transfers.refuse(db, me, transfer_id, fields.get("note", ""))
            return "transfer_refused"
        transfers.withdraw(db, me, transfer_id)
        return "withdrawn"

    raise to("/transfers", await run(request[MEMBER], work))
