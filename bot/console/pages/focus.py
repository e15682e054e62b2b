"""重点帮扶: the list of those who get help first, and its size by area for managers."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import focus
from bot.casework.areas import is_area, name_of
from bot.casework.errors import NotPermitted
from bot.casework.roles import NUMBERS, PEOPLE, Staff
from bot.casework.scope import get
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session
from bot.db.tables import Person
from bot.monthly_reports.focus_counts import COLUMNS, FocusCounts, focus_counts
from bot.warning.errors import DisclosureError


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/focus", show), web.post("/people/{number}/focus", enter),
        web.post("/people/{person}/focus/{number}/{what:inform|object|end}", step),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the list of one's areas, and its size: ?kind=…&state=…&area=…&after=…"""
    query = request.query
    kind, state = query.get("kind", ""), query.get("state", "")
    area, after = query.get("area", ""), query.get("after", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        scopes = me.scopes(NUMBERS)
        if not (scopes or me.may(PEOPLE)):
            raise NotPermitted
        chosen = area if is_area(area) else (scopes or me.scopes(PEOPLE))[0]
        rows, mark = focus.page(
            db, me, kind if kind in focus.KINDS else "", state if state in focus.STATES else "",
            chosen, int(after) if after.isdigit() and len(after) < 10 else 0,
        )  # fmt: skip
        return {
            "rows": rows, "mark": mark, "kinds": focus.KINDS, "states": focus.STATES,
            "kind": kind, "state": state, "area": chosen, "area_name": name_of(db, chosen),
            "areas": {
                code: name_of(db, code) for code in dict.fromkeys((*scopes, *me.scopes(PEOPLE)))
            },
            "sees_people": me.may(PEOPLE, chosen), "heads": list(COLUMNS.values()),
            "counts": _counts(db, me, chosen),
        }  # fmt: skip

    return await page(request, "focus.html", work)


async def enter(request: web.Request) -> web.StreamResponse:
    """Enter a person; they are told before anything else is done."""
    person_id, fields = number(request), await form(request)

    def work(db: Session, me: Staff) -> None:
        person: Person = get(db, me, Person, person_id, PEOPLE)
        kind, basis, firm = (fields.get(name, "") for name in ("kind", "basis", "firm"))
        focus.enter(db, me, person, kind, basis, firm)

    await run(request[MEMBER], work)
    raise to(f"/people/{person_id}", "saved")


async def step(request: web.Request) -> web.StreamResponse:
    """Keep that a person was told, objects, or that their entry has ended."""
    person_id, entry_id = number(request, "person"), number(request)
    action, fields = request.match_info["what"], await form(request)
    way, note = fields.get("way", ""), fields.get("note", "")

    def work(db: Session, me: Staff) -> None:
        if action == "inform":
            focus.inform(db, me, entry_id, way)
        elif action == "object":
            focus.object_to(db, me, entry_id, way, note)
        else:
            focus.end(db, me, entry_id, note)

    await run(request[MEMBER], work)
    raise to(f"/people/{person_id}", "saved")


def _counts(db: Session, me: Staff, area: str) -> FocusCounts | str | None:
    """Return the list's size; None for who sees no counts, a sentence where none may be shown."""
    if not me.may(NUMBERS, area):
        return None
    try:
        return focus_counts(db, me, area, clock.today())
    except DisclosureError as hidden:
        return str(hidden)
