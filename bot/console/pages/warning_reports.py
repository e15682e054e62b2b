"""月报: prepared by one person, approved by another, and its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.casework.areas import area_of_region
from bot.casework.errors import NotPermitted, NotVisible
from bot.casework.roles import WARNING, WARNING_EDIT, Staff
from bot.casework.scope import get, visible
from bot.console.database import run
from bot.console.pages.warning import area_and_month, choices, log
from bot.console.web import MEMBER, day_given, form, number, page, to
from bot.db.session import Session
from bot.db.tables import Publication
from bot.disclosure.rule import Audience
from bot.monthly_reports import publish
from bot.vocabulary.vocabulary import vocabulary

#: Where the files lie, for their owner alone.
FOLDER = publish.REPORTS
AUDIENCES: dict[Audience, str] = {"inside": "内部", "outside": "对外"}
FILES = {"docx": "Word", "html": "可打印的网页", "xlsx": "附表"}
#: Reports of the list.
REPORTS = 60


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/warning/reports", show), web.post("/warning/reports", prepare),
        web.post("/warning/reports/{number}/approve", approve),
        web.get("/warning/reports/{number}/{suffix:docx|html|xlsx}", download),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show the reports of one's areas, the newest first."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region, month = area_and_month(request, me)
        query = select(Publication).where(visible(me, Publication, WARNING))
        ordered = query.order_by(Publication.month.desc(), Publication.id.desc()).limit(REPORTS)
        rows = [
            {
                "id": publication.id, "place": vocabulary().full_name(publication.region),
                "month": f"{publication.month:%Y-%m}",
                "audience": AUDIENCES[_audience(publication.audience)],
                "prepared": (publication.prepared_by, publication.prepared_at),
                "approved": (publication.approved_by, publication.approved_at),
                "own": publication.prepared_by == me.name,
                "may_approve": me.may(WARNING_EDIT, area_of_region(publication.region)),
                "there": all(file.is_file() for file in _files(publication)),
            }
            for publication in db.scalars(ordered)
        ]  # fmt: skip
        return {
            **choices(me, region, month), "rows": rows, "audiences": AUDIENCES, "files": FILES,
        }  # fmt: skip

    return await page(request, "warning_reports.html", work)


async def prepare(request: web.Request) -> web.StreamResponse:
    """Write the report of a month; it waits for a second person."""
    fields = await form(request)
    region, month = fields.get("area", ""), day_given(f"{fields.get('month', '')}-01")

    def work(db: Session, me: Staff) -> None:
        if region not in vocabulary().regions or month is None:
            raise NotPermitted
        me.need(WARNING_EDIT, area_of_region(region))
        audience = _audience(fields.get("audience", ""))
        made = publish.prepare(db, region, month, audience, me.name, FOLDER)
        log(db, me, "report_prepared", "publication", str(made.publication.id), region)

    await run(request[MEMBER], work)
    raise to("/warning/reports", "saved")


async def approve(request: web.Request) -> web.StreamResponse:
    """Publish a report that a colleague prepared."""
    publication_id = number(request)

    def work(db: Session, me: Staff) -> None:
        row: Publication = get(db, me, Publication, publication_id, WARNING_EDIT)
        files = _files(row)
        if not all(file.is_file() for file in files):
            raise NotVisible
        publish.approve(db, publication_id, me.name, files)
        log(db, me, "report_approved", "publication", str(publication_id), row.region)

    await run(request[MEMBER], work)
    raise to("/warning/reports", "saved")


async def download(request: web.Request) -> web.Response:
    """Send a file of a report."""
    publication_id, suffix = number(request), request.match_info["suffix"]

    def work(db: Session, me: Staff) -> tuple[str, bytes]:
        row: Publication = get(db, me, Publication, publication_id, WARNING)
        file = next(path for path in _files(row) if path.suffix == f".{suffix}")
        if not file.is_file():
            raise NotVisible
        body = file.read_bytes()
        log(db, me, "report_read", "publication", f"{publication_id}.{suffix}", row.region)
        return file.name, body

    name, body = await run(request[MEMBER], work)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)


def _files(row: Publication) -> tuple[Path, ...]:
    names = publish.file_names(row.region, row.month, _audience(row.audience))
    return tuple(FOLDER / name for name in names)


def _audience(text: str) -> Audience:
    return "outside" if text == "outside" else "inside"
