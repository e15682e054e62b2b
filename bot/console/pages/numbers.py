"""数字: who was covered this month, area by area, exits by reason, promises by state."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import contacts, counts
from bot.casework.areas import is_area, name_of
from bot.casework.errors import NotPermitted
from bot.casework.roles import NUMBERS, Staff
from bot.console.web import day_given, page
from bot.db.session import Session


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [web.get("/numbers", show)]


async def show(request: web.Request) -> web.Response:
    """Show the numbers of a month in an area: ?area=…&month=2026-12."""
    area = request.query.get("area", "")
    month = day_given(f"{request.query.get('month', '')}-01") or clock.today().replace(day=1)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        scopes = me.scopes(NUMBERS)
        if not scopes:
            raise NotPermitted
        chosen = area if is_area(area) else scopes[0]
        return {
            "area": chosen, "area_name": name_of(db, chosen), "month": month,
            "rows": contacts.coverage(db, me, month, chosen),
            "exits": counts.exits(db, me, month, chosen),
            "promises": counts.promises(db, me, month, chosen),
            "scopes": [(scope, name_of(db, scope)) for scope in scopes],
        }  # fmt: skip

    return await page(request, "numbers.html", work)
