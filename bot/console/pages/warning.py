"""预警: a month's figures, small multiples, indicators, alerts with their history, measures."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from html import escape
from threading import Lock
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from bot import clock
from bot.audit.chain import Action, append
from bot.casework import warning_tasks
from bot.casework.areas import area_of_region, is_area, region_of_area
from bot.casework.duty_store import UNSET, figure
from bot.casework.errors import NotPermitted
from bot.casework.roles import WARNING, WARNING_EDIT, Staff
from bot.casework.scope import visible, within
from bot.console.database import run
from bot.console.web import MEMBER, day_given, form, number, page, to
from bot.db.session import Session
from bot.db.tables import (
    Alert,
    Publication,
    ThresholdVersion,
    WarningBatch,
    WarningCaseEvent,
    WarningMeasure,
    WarningRun,
)
from bot.monthly_reports.cartogram import cartogram
from bot.monthly_reports.charts import svg
from bot.monthly_reports.content import MonthReport, month_report
from bot.monthly_reports.layout import chart_note, legend, main_table, rank_table
from bot.vocabulary.vocabulary import vocabulary
from bot.warning.indicators import indicators
from bot.warning.levels import NAMES
from bot.warning.measures import pending_measures
from bot.warning.month_run import run_month
from bot.warning.months import months_before
from bot.wording import wording

_REPORT = wording("warning_report")

#: Alerts of the list, and months that one may choose.
ALERTS, MONTHS = 50, 24
#: Reports kept: to make one takes seconds.
_REPORT_CACHE_SIZE = 16


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/warning", show), web.post("/warning/run", compute),
        web.post("/warning/measures/{number}", close_measure),
    ]  # fmt: skip


def area_and_month(request: web.Request, me: Staff, permission: str = WARNING) -> tuple[str, date]:
    """Return region code and month that an address names, else the widest area, last month.

    Raises NotPermitted.
    """
    scopes = me.scopes(permission)
    if not scopes:
        raise NotPermitted
    requested_area = request.query.get("area", "")
    area = requested_area if is_area(requested_area) and len(requested_area) <= 6 else scopes[0]
    me.need(permission, area)
    month = day_given(f"{request.query.get('month', '')}-01")
    return region_of_area(area), month or months_before(clock.today().replace(day=1), 1)


def choices(me: Staff, region: str, month: date) -> dict[str, Any]:
    """Return what the form of area and month shows."""
    place_names = vocabulary()
    areas = {
        code: place_names.full_name(code)
        for code, area in sorted(
            place_names.regions.items(), key=lambda item: (item[1].level, item[0])
        )
        if me.may(WARNING, code)
    }
    this = clock.today().replace(day=1)
    months = [f"{months_before(this, n):%Y-%m}" for n in range(MONTHS)]
    return {
        "areas": areas, "area": region, "month": f"{month:%Y-%m}", "months": months,
        "area_name": place_names.full_name(region),
        "may_edit": me.may(WARNING_EDIT, area_of_region(region)),
    }  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show a month of an area: ?area=210100&month=2026-10."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region, month = area_and_month(request, me)
        report = cached_report(db, region, month)
        condition = visible(me, Alert, WARNING) & within(Alert.region, area_of_region(region))
        query = select(Alert).where(condition).order_by(Alert.id.desc()).limit(ALERTS)
        listed = [_alert(alert) for alert in db.scalars(query)]
        measures = pending_measures(db, region)
        return {
            **choices(me, region, month), "report": report, "charts": _charts(report),
            "chart_note": chart_note(report), "table": main_table(report),
            "rank": rank_table(report), "tiles": cartogram(region, report.levels),
            "tiles_note": _REPORT("cartogram_note"),
            "legend": legend(report), "alerts": listed, "measures": measures,
            "last_run": db.scalar(select(WarningRun).order_by(WarningRun.id.desc()).limit(1)),
            "report_day": _report_day(db, region),
        }  # fmt: skip

    return await page(request, "warning.html", work)


async def compute(request: web.Request) -> web.StreamResponse:
    """Work out the levels of a month, open and close alerts, take new candidates."""
    fields = await form(request)
    requested = {"area": fields.get("area", ""), "month": fields.get("month", "")}

    def work(db: Session, me: Staff) -> None:
        region, month = _area_and_month(requested, me)
        run_month(db, region, month, me.name)
        warning_tasks.make_warning_tasks(db)
        log(db, me, "warning_run", "warning_month", f"{region}:{month:%Y-%m}", region)

    await run(request[MEMBER], work)
    raise web.HTTPSeeOther(
        f"/warning?area={requested['area']}&month={requested['month']}&done=saved"
    )


async def close_measure(request: web.Request) -> web.StreamResponse:
    """Close a measure as done or not, with what came of it."""
    measure_id, fields = number(request), await form(request)
    done, result = fields.get("state") != "skipped", fields.get("result", "")
    await run(
        request[MEMBER], lambda db, me: warning_tasks.close(db, me, measure_id, result, done=done)
    )
    raise to("/warning", "closed")


def log(db: Session, me: Staff, action: str, kind: str, number: str, region: str) -> None:
    """Leave a row in the log of what staff looked at and changed."""
    append(db, Action(f"counsellor:{me.id}", action, kind, "预警", number, area_of_region(region)))


def _area_and_month(requested: Mapping[str, str], me: Staff) -> tuple[str, date]:
    """Return region and month of a form. Raises NotPermitted."""
    area, month = requested["area"], day_given(f"{requested['month']}-01")
    if area not in vocabulary().regions or month is None:
        raise NotPermitted
    me.need(WARNING_EDIT, area_of_region(area))
    return area, month


_reports: OrderedDict[tuple[Any, ...], MonthReport] = OrderedDict()
_lock = Lock()


def cached_report(db: Session, region: str, month: date) -> MonthReport:
    """Return the report of a month for readers inside, from the cache while its data are the same.

    Raises DisclosureError.
    """
    stamp = (str(db.get_bind().engine.url), region, month, clock.today(), *_stamps(db))
    with _lock:
        cached = _reports.get(stamp)
        if cached is not None:
            _reports.move_to_end(stamp)
            return cached
    made = month_report(db, region, month, "inside")
    with _lock:
        _reports[stamp] = made
        while len(_reports) > _REPORT_CACHE_SIZE:
            _reports.popitem(last=False)
    return made


def _stamps(db: Session) -> tuple[Any, ...]:
    """Return what changes whenever a report would."""
    expressions = (
        (func.max(WarningBatch.id), WarningBatch),
        (func.max(WarningCaseEvent.id), WarningCaseEvent),
        (func.count(Publication.approved_at), Publication),
        (func.max(ThresholdVersion.id), ThresholdVersion),
        (func.count(ThresholdVersion.ended_at), ThresholdVersion),
        (func.max(Alert.id), Alert), (func.count(Alert.closed_at), Alert),
        (func.max(WarningMeasure.id), WarningMeasure),
        (func.count(WarningMeasure.closed_at), WarningMeasure),
    )  # fmt: skip
    return tuple(
        db.scalar(select(expression).select_from(table)) for expression, table in expressions
    )


def _report_day(db: Session, region: str) -> str:
    day = figure(db, "warning_report_day", area_of_region(region), clock.today())
    return UNSET if day is None else f"：{day.number}日（{day.citation}）"


def _charts(report: MonthReport) -> list[tuple[str, str]]:
    """Return the lines of the area and of what lies in it; small figures are gaps."""
    return [
        (row.name, svg(row.chart, escape(f"{row.name}登记失业人数")))
        for row in report.rows
        if any(point is not None for point in row.chart)
    ]


def _alert(alert: Alert) -> dict[str, Any]:
    """Return an alert as the list shows it."""
    return {
        "id": alert.id, "place": vocabulary().full_name(alert.region),
        "indicator": indicators().by_id[alert.indicator].name,
        "level": NAMES[alert.level],  # type: ignore[index]
        "is_red": alert.level == "red", "evidence": alert.evidence, "month": f"{alert.month:%Y-%m}",
        "opened_at": alert.opened_at, "closed_at": alert.closed_at,
    }  # fmt: skip
