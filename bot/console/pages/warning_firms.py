"""预警企业: the candidates of a month with their arithmetic, and what persons decide on them."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlalchemy import or_, select

from bot.casework import warning_tasks
from bot.casework.areas import area_of_region
from bot.casework.errors import NotPermitted, WrongState
from bot.casework.roles import WARNING, WARNING_EDIT, Staff
from bot.casework.scope import get, visible, within
from bot.console.database import run
from bot.console.pages.warning import area_and_month, choices, log
from bot.console.web import MEMBER, day_given, form, number, page, to
from bot.db.session import Session
from bot.db.tables import WarningCase, WarningCaseEvent
from bot.vocabulary.vocabulary import vocabulary
from bot.warning import cases
from bot.warning.cases import GRADES, REASONS, STATES, STEPS
from bot.warning.identity import credit_code
from bot.warning.lists import freeze, frozen, recompute
from bot.warning.months import months_before
from bot.wording import wording

_SAY = wording("console")

#: Firms of a page.
FIRMS = 200
#: States in which a firm is shown in every month.
_GOING_ON = ("listed", "served", "worse")
#: The kinds that a person enters.
ENTERED = {name: GRADES[name] for name in ("policy", "feedback")}


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/warning/firms", show), web.post("/warning/firms", enter),
        web.post("/warning/firms/{number}", step),
        web.post("/warning/lists/{what:freeze|recompute}", fix),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the firms of a month, and those on the list: ?area=…&month=…&state=…"""
    state = request.query.get("state", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region, month = area_and_month(request, me)
        of_month = (WarningCase.day >= month) & (WarningCase.day < months_before(month, -1))
        conditions = [
            visible(me, WarningCase, WARNING),
            within(WarningCase.district, area_of_region(region)),
            or_(of_month, WarningCase.state.in_(_GOING_ON)),
        ]
        if state in STATES:
            conditions.append(WarningCase.state == state)
        query = select(WarningCase).where(*conditions)
        ordered = query.order_by(WarningCase.grade.desc(), WarningCase.day, WarningCase.id)
        firms = [_firm(db, case, me) for case in db.scalars(ordered.limit(FIRMS))]
        row = frozen(db, region, month)
        listed = json.loads(row.entries)["entries"] if row else []
        values = {
            **choices(me, region, month), "firms": firms, "states": STATES, "state": state,
            "reasons": REASONS, "kinds": ENTERED, "frozen": row, "listed": len(listed),
            "most": FIRMS,
        }  # fmt: skip
        log(db, me, "view_firms", "warning_month", f"{region}:{month:%Y-%m}", region)
        return values

    return await page(request, "warning_firms.html", work)


async def step(request: web.Request) -> web.StreamResponse:
    """Bring a firm to its next state; who lists it is not who verified it."""
    case_id, fields = number(request), await form(request)
    state, why = fields.get("state", ""), fields.get("why", "")

    def work(db: Session, me: Staff) -> None:
        get(db, me, WarningCase, case_id, WARNING_EDIT)
        row = cases.step(db, case_id, state, me.name, why if state == "rejected" else "")
        warning_tasks.make_warning_tasks(db)
        log(db, me, f"firm_{state}", "warning_case", str(row.id), row.district)

    await run(request[MEMBER], work)
    raise web.HTTPSeeOther(_list_address(fields))


async def enter(request: web.Request) -> web.StreamResponse:
    """Enter a firm that policy hits, or that another office reports."""
    fields = await form(request)
    district = fields.get("district", "")

    def work(db: Session, me: Staff) -> None:
        region = vocabulary().regions.get(district)
        if region is None or region.level != 3 or not me.may(WARNING_EDIT, district):
            raise NotPermitted
        try:
            code = credit_code(fields.get("uscc", ""))
        except ValueError as wrong:
            raise WrongState(f"{wrong}。") from None
        row = cases.enter(
            db, code, fields.get("name", ""), district, fields.get("kind", ""),
            fields.get("why", "")[:500], me.name,
        )  # fmt: skip
        log(db, me, "firm_candidate", "warning_case", str(row.id), district)

    await run(request[MEMBER], work)
    raise web.HTTPSeeOther(_list_address(fields))


async def fix(request: web.Request) -> web.StreamResponse:
    """Freeze the list of a month, or compute a frozen one again from what was known then."""
    fields, action = await form(request), request.match_info["what"]
    region, month = fields.get("area", ""), day_given(f"{fields.get('month', '')}-01")

    def work(db: Session, me: Staff) -> None:
        if region not in vocabulary().regions or month is None:
            raise NotPermitted
        me.need(WARNING_EDIT, area_of_region(region))
        if action == "freeze":
            freeze(db, region, month, me.name)
            log(db, me, "list_frozen", "warning_month", f"{region}:{month:%Y-%m}", region)
            return
        row = frozen(db, region, month)
        if row is None:
            raise WrongState(_SAY("list_not_fixed"))
        recompute(db, row)

    await run(request[MEMBER], work)
    raise (
        to("/warning/firms", "")
        if month is None
        else web.HTTPSeeOther(
            _list_address(fields, "saved" if action == "freeze" else "recomputed")
        )
    )


def _list_address(fields: dict[str, str], done: str = "saved") -> str:
    area, month = fields.get("area", ""), fields.get("month", "")
    plain = area.isdigit() and day_given(f"{month}-01") is not None
    return f"/warning/firms?area={area}&month={month}&done={done}" if plain else "/warning/firms"


def _firm(db: Session, case: WarningCase, me: Staff) -> dict[str, Any]:
    """Return a firm as the page shows it, with its steps; persons are never shown."""
    query = select(WarningCaseEvent).where(WarningCaseEvent.case_id == case.id)
    events = db.scalars(query.order_by(WarningCaseEvent.id)).all()
    verified = {event.staff for event in events if event.state == "verified"}
    may = me.may(WARNING_EDIT, case.district)
    steps = {name: STATES[name] for name in STEPS[case.state]} if may else {}
    if me.name in verified:
        steps.pop("listed", None)
    return {
        "id": case.id, "name": case.name, "uscc": case.uscc, "day": case.day,
        "place": vocabulary().full_name(case.district), "grade": GRADES[case.grade],
        "arithmetic": case.arithmetic, "state": STATES[case.state], "steps": steps,
        "own": me.name in verified and case.state == "verified",
        "events": [
            (event.entered_at, STATES[event.state], REASONS.get(event.why, ""), event.staff)
            for event in events
        ],
    }  # fmt: skip
