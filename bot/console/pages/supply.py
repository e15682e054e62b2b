"""供需: what is offered and wished for by trade and place, and the blind spots of the stations."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from bot import clock
from bot.casework.areas import area_of_region, is_area, region_of_area
from bot.casework.counts import suppressed
from bot.casework.errors import NotPermitted
from bot.casework.registrations import OVER
from bot.casework.roles import NUMBERS, Staff
from bot.casework.scope import visible, within
from bot.console.web import page
from bot.db.session import Session
from bot.db.tables import Person, Registration
from bot.places.changes import lies_in
from bot.places.find import listed
from bot.places.supply import (
    LEAST_PAID,
    LEAST_WISHES,
    StationCoverage,
    course_demand,
    coverage,
    supply,
)
from bot.places.supply_months import frozen_months, supply_of_month
from bot.vocabulary.vocabulary import vocabulary

#: Lines of the table of supply, and stations that one may close in thought.
LINES, STATIONS = 100, 500


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [web.get("/supply", show), web.get("/supply/stations", show_stations)]


async def show(request: web.Request) -> web.Response:
    """Show open postings by family and place, now or in a month: ?area=210100&family=…&month=…"""
    family, month = request.query.get("family", "")[:40], request.query.get("month", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region = _region(request, me)
        months = [kept.isoformat() for kept in frozen_months(db)]
        day: date | None = clock.today()
        if month in months:
            day, lines = supply_of_month(db, date.fromisoformat(month), region)
        else:
            lines = supply(db, region, clock.today())
        demand = course_demand(db, region, clock.today())
        families = sorted({line.family for line in lines})
        chosen = [line for line in lines if not family or line.family == family]
        return {
            **_choices(me, region), "lines": chosen[:LINES], "left": len(chosen[LINES:]),
            "months": {kept: kept[:7] for kept in months}, "month": month, "day": day,
            "families": families, "family": family, "demand": demand,
            "names": _names([*chosen[:LINES], *demand]),
            "least_wishes": LEAST_WISHES, "least_paid": LEAST_PAID,
        }  # fmt: skip

    return await page(request, "supply.html", work)


async def show_stations(request: web.Request) -> web.Response:
    """Show the districts by their stations, as it is and as it would be: ?close=12&open=210106."""
    query = request.query
    closing, opening = query.get("close", ""), query.get("open", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region = _region(request, me)
        areas = (area_of_region(region),)
        closed = int(closing) if closing.isdigit() and len(closing) < 10 else None
        opened = opening if opening in vocabulary().regions else None
        now = _within(coverage(db), areas)
        then = {item.region_code: item for item in _within(coverage(db, closed, opened), areas)}
        people = _registered(db, me, region)
        rows = [
            {
                "region": item.region_code, "name": vocabulary().full_name(item.region_code),
                "now": item, "then": then[item.region_code],
                "people": suppressed(me, item.region_code, people.get(item.region_code, 0)),
            }
            for item in now
        ]  # fmt: skip
        in_thought = closed is not None or opened is not None
        stations = [
            item for item in listed(db, "station", region, STATIONS) if item.state == "open"
        ]
        return {
            **_choices(me, region), "rows": rows, "in_thought": in_thought,
            "blind": sum(item.is_blind for item in now),
            "blind_then": sum(item.is_blind for item in then.values()),
            "districts": {row["region"]: row["name"] for row in rows}, "opened": opened or "",
            "stations": {str(item.id): item.title for item in stations},
            "closed": str(closed or ""),
        }  # fmt: skip

    return await page(request, "supply_stations.html", work)


def _region(request: web.Request, me: Staff) -> str:
    """Return the region that an address names, else the widest of one's own."""
    scopes = [scope[:6] for scope in me.scopes(NUMBERS)]
    if not scopes:
        raise NotPermitted
    requested_area = request.query.get("area", "")
    area = (
        area_of_region(requested_area)
        if is_area(requested_area) and len(requested_area) == 6
        else scopes[0]
    )
    if not lies_in(area, scopes) or region_of_area(area) not in vocabulary().regions:
        raise NotPermitted
    return region_of_area(area)


def _choices(me: Staff, region: str) -> dict[str, Any]:
    place_names, scopes = vocabulary(), [scope[:6] for scope in me.scopes(NUMBERS)]
    areas = {
        code: place_names.full_name(code)
        for code, scope in sorted(
            place_names.regions.items(), key=lambda item: (item[1].level, item[0])
        )
        if lies_in(area_of_region(code), scopes)
    }
    return {"areas": areas, "area": region, "area_name": place_names.full_name(region)}


def _names(lines: Any) -> dict[str, str]:
    return {line.region_code: vocabulary().full_name(line.region_code) for line in lines}


def _within(rows: list[StationCoverage], areas: tuple[str, ...]) -> list[StationCoverage]:
    return [row for row in rows if lies_in(row.region_code, areas)]


def _registered(db: Session, me: Staff, region: str) -> dict[str, int]:
    """Count who is registered as unemployed, by district of one's areas."""
    query = (
        select(Person.district_code, func.count(Registration.id))
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.state.not_in(OVER), visible(me, Person, NUMBERS))
        .where(within(Person.region_code, area_of_region(region)))
        .group_by(Person.district_code)
    )
    return dict(db.execute(query).tuples().all())
