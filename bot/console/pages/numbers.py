"""数字: who was covered this month, area by area, exits by reason, promises by state."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import contacts, counts
from bot.casework.areas import is_area, name_of
from bot.casework.errors import NotPermitted
from bot.casework.roles import NUMBERS, Staff
from bot.console.web import day_given, page
from bot.db.session import Session
from bot.monthly_reports.area_table import area_table
from bot.monthly_reports.service_counts import ServiceCounts, service_counts
from bot.warning.errors import DisclosureError


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
            "services": _services(db, me, chosen, month),
            "area": chosen, "area_name": name_of(db, chosen), "month": month,
            **_coverage(db, me, chosen, month),
            "exits": counts.exits(db, me, month, chosen),
            "promises": counts.promises(db, me, month, chosen),
            "scopes": [(scope, name_of(db, scope)) for scope in scopes],
        }  # fmt: skip

    return await page(request, "numbers.html", work)


_COVERAGE = {
    "due": "应联系", "reached": "说上话", "refused": "本人不愿说", "tried": "打过没接通",
    "untouched": "还没联系", "covered": "联系到",
}  # fmt: skip


def _coverage(db: Session, me: Staff, area: str, month: date) -> dict[str, Any]:
    """Return the month's contacts by area as they may be shown, with the share covered."""
    counts = {}
    for row in contacts.coverage(db, me, month, area)[:-1]:
        covered = row.reached + row.refused
        own = (row.due, row.reached, row.refused, row.tried, row.untouched, covered)
        counts.update({(row.area, key): value for key, value in zip(_COVERAGE, own, strict=True)})
    sums = [("covered", ("reached", "refused")), ("due", ("covered", "tried", "untouched"))]
    try:
        table = area_table(db, me, area, month, counts, list(_COVERAGE), sums)
    except DisclosureError as hidden:
        return {"coverage": str(hidden), "coverage_heads": (), "coverage_rates": ()}
    return {
        "coverage": table.rows(list(_COVERAGE)), "coverage_heads": tuple(_COVERAGE.values()),
        "coverage_rates": table.rates("covered", "due"),
    }  # fmt: skip


def _services(db: Session, me: Staff, area: str, month: date) -> ServiceCounts | str:
    """Return the six services, or a sentence where a hidden figure could be worked out."""
    try:
        return service_counts(db, me, area, month)
    except DisclosureError as hidden:
        return str(hidden)
