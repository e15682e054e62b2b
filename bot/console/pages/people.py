"""人: lists with filters, search by whole name or number, and new people at the desk."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import people
from bot.casework.areas import is_area
from bot.casework.desk import NewPerson, add_person
from bot.casework.people import Filters
from bot.casework.registrations import STATES
from bot.casework.roles import LEDGER, Staff
from bot.console.database import run
from bot.console.web import MEMBER, day_given, form, page, to
from bot.db.session import Session


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/people", listing), web.post("/people", search),
        web.get("/people/new", show_new), web.post("/people/new", new),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show a page of people: ?after=…&area=…&state=…&group=…&uncovered=1."""
    query = request.query
    area, state = query.get("area", ""), query.get("state", "")
    filters = Filters(
        "", area if is_area(area) else "", state if state in STATES else "",
        query.get("group", "")[:40], query.get("uncovered") == "1",
    )  # fmt: skip
    after = query.get("after", "")
    return await _show(
        request, filters, int(after) if after.isdigit() and len(after) < 10 else None
    )


async def search(request: web.Request) -> web.Response:
    """Show who has a name or number; it comes by a form, so that no address bears it."""
    fields = await form(request)
    return await _show(request, Filters(query=fields.get("query", "")[:40]), None)


async def show_new(request: web.Request) -> web.Response:
    """Show the form for a new person."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(LEDGER)
        return {"scopes": me.scopes(LEDGER)}

    return await page(request, "person_new.html", work)


async def new(request: web.Request) -> web.StreamResponse:
    """Register a person at the desk."""
    fields = await form(request)
    registered_on = day_given(fields.get("registered_on", "")) or clock.today()
    person = NewPerson(
        fields.get("name", ""), fields.get("id_number", ""), fields.get("phone", ""),
        fields.get("area", ""), registered_on, fields.get("cause", ""),
    )  # fmt: skip
    made = await run(request[MEMBER], lambda db, me: add_person(db, me, person).id)
    raise to(f"/people/{made}", "registered")


async def _show(request: web.Request, filters: Filters, after: int | None) -> web.Response:
    def work(db: Session, me: Staff) -> dict[str, Any]:
        return {
            "page": people.page(db, me, filters, after), "total": people.total(db, me, filters),
            "filters": filters, "states": STATES, "groups": people.group_labels(db),
            "may_add": me.may(LEDGER),
        }  # fmt: skip

    return await page(request, "people.html", work)
