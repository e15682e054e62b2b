"""预警, 处置: the chain 预警—服务—处突—化解 of alerts and firms; orders to do what is late."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import or_

from bot.casework.areas import area_of_region
from bot.casework.errors import NotPermitted
from bot.casework.roles import WARNING, WARNING_EDIT, Staff
from bot.casework.scope import get, visible, within
from bot.console.database import run
from bot.console.pages.warning import area_and_month, choices, log
from bot.console.web import MEMBER, day_given, form, number, page, to
from bot.db.session import Session
from bot.db.tables import Alert, SupervisionOrder, WarningCase
from bot.warning import supervision
from bot.warning.chain import STAGES, chains_of_alerts, chains_of_firms
from bot.warning.months import months_before

#: Alerts and firms of the page.
MOST = 60


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/warning/chain", show),
        web.post("/warning/measures/{number}/order", order),
        web.post("/warning/orders/{number}/answer", answer),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the chains of a month and those that go on: ?area=…&month=…"""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region, month = area_and_month(request, me)
        area, end = area_of_region(region), months_before(month, -1)
        going_on = WarningCase.state.in_(("verified", "listed", "served", "worse"))
        of_month = (WarningCase.day >= month) & (WarningCase.day < end)
        firms = chains_of_firms(
            db,
            visible(me, WarningCase, WARNING) & within(WarningCase.district, area)
            & or_(going_on, of_month & WarningCase.state.in_(("resolved", "rejected"))),
            MOST,
        )  # fmt: skip
        alerts = chains_of_alerts(
            db,
            visible(me, Alert, WARNING) & within(Alert.region, area)
            & or_(Alert.closed_at.is_(None), Alert.month == month),
            MOST,
        )  # fmt: skip
        chains = sorted((*alerts, *firms), key=lambda chain: -chain.overdue)
        log(db, me, "view_chain", "warning_month", f"{region}:{month:%Y-%m}", region)
        return {
            **choices(me, region, month), "chains": chains, "stages": STAGES,
            "counts": {name: sum(chain.stage == name for chain in chains) for name in STAGES},
            "may_order": {chain.region: _may_order(me, chain.region) for chain in chains},
            "may_answer": {chain.region: _may_answer(me, chain.region) for chain in chains},
            "most": MOST,
        }  # fmt: skip

    return await page(request, "warning_chain.html", work)


async def order(request: web.Request) -> web.StreamResponse:
    """Order an office below to do a measure by a day."""
    measure_id, fields = number(request), await form(request)

    def work(db: Session, me: Staff) -> None:
        region = supervision.measure_region(db, measure_id)
        if not _may_order(me, region):
            raise NotPermitted
        due = day_given(fields.get("due_on", ""))
        row = supervision.order(db, measure_id, fields.get("demand", ""), due, me.name)
        log(db, me, "supervision_ordered", "supervision_order", str(row.id), region)

    await run(request[MEMBER], work)
    raise to("/warning/chain", "saved")


async def answer(request: web.Request) -> web.StreamResponse:
    """Answer an order to an office of one's areas."""
    order_id, fields = number(request), await form(request)

    def work(db: Session, me: Staff) -> None:
        row: SupervisionOrder = get(db, me, SupervisionOrder, order_id, WARNING_EDIT)
        supervision.answer(db, row.id, fields.get("answer", ""), me.name)
        log(db, me, "supervision_answered", "supervision_order", str(row.id), row.region)

    await run(request[MEMBER], work)
    raise to("/warning/chain", "answered")


def _may_order(me: Staff, region: str) -> bool:
    """Tell whether one stands above an area: orders are given from above."""
    area = area_of_region(region)
    scopes = me.scopes(WARNING_EDIT)
    return any(area.startswith(scope) and len(scope) < len(area) for scope in scopes)


def _may_answer(me: Staff, region: str) -> bool:
    return me.may(WARNING_EDIT, area_of_region(region))
