"""预警, 导入: deliveries shown before they are applied, taken back; who has delivered a month."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot import clock
from bot.casework.areas import area_of_region, region_of_area
from bot.casework.errors import NotPermitted, NotVisible, WrongState
from bot.casework.roles import WARNING, WARNING_EDIT, Staff
from bot.console.database import run
from bot.console.pages.warning import area_and_month, choices, log
from bot.console.web import MEMBER, day_given, form, number, page, render, to
from bot.db.session import Session
from bot.db.tables import EmployerRecord, WarningBatch, WarningDelivery
from bot.postings.errors import PostingFileError
from bot.settings import ROOT
from bot.vocabulary.vocabulary import vocabulary
from bot.warning import batches, pending_files
from bot.warning.delivered import Delivered, read_delivery
from bot.warning.series import districts
from bot.warning.sheet_rows import KINDS, Kind
from bot.wording import wording

_SAY = wording("console")

#: Where a delivery waits between its preview and its import, for its owner alone.
FOLDER = ROOT / "var" / "deliveries"
LABELS: dict[Kind, str] = {
    "filings": "用工备案", "headcounts": "参保人数", "counts": "区县月报", "employers": "企业名册",
}  # fmt: skip
#: Kinds that a month is complete with.
MONTHLY: tuple[Kind, ...] = ("filings", "headcounts", "counts")
#: Batches of the list, and refused rows of a preview.
BATCHES, LINES = 60, 200
_SUFFIXES = (".csv", ".xlsx")


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/warning/imports", listing), web.post("/warning/imports", upload),
        web.post("/warning/imports/apply", apply),
        web.post("/warning/imports/nothing", nothing),
        web.post("/warning/imports/{number}/undo", undo),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show the batches of one's areas, and which districts have delivered a month."""
    return await page(request, "warning_imports.html", lambda db, me: _context(db, me, request))


async def upload(request: web.Request) -> web.StreamResponse:
    """Show what a sheet would change; it waits for a day, without identity numbers."""
    posted = await request.post()
    sheet, kind = posted.get("sheet"), _kind(str(posted.get("kind", "")))
    if not isinstance(sheet, web.FileField) or not sheet.filename:
        raise WrongState(_SAY("no_file"))
    name, body = Path(sheet.filename).name, sheet.file.read()
    if Path(name).suffix.lower() not in _SUFFIXES:
        raise WrongState(_SAY("wrong_file_type"))

    def work(db: Session, me: Staff) -> tuple[Staff, dict[str, Any]]:
        me.need(WARNING_EDIT)
        delivered = _read(me, kind, name, body)
        token = pending_files.store(FOLDER, me.id, delivered)
        preview = batches.preview(db, delivered)
        return me, {**_context(db, me, request), "preview": preview, "token": token}

    me, values = await run(request[MEMBER], work)
    return render(request, "warning_imports.html", {**values, "me": me})


async def apply(request: web.Request) -> web.StreamResponse:
    """Apply a delivery that waits."""
    token = (await form(request)).get("token", "")

    def work(db: Session, me: Staff) -> None:
        me.need(WARNING_EDIT)
        delivered = pending_files.load(FOLDER, me.id, token)
        if delivered is None:
            raise WrongState(_SAY("sheet_gone"))
        if not all(_may(me, row["district"]) for row in delivered.rows):
            raise NotPermitted  # the role has ended since the preview
        batch = batches.apply(db, delivered, me.name)
        _log(db, me, "warning_import", batch)

    await run(request[MEMBER], work)
    await run(request[MEMBER], lambda _, me: pending_files.drop(FOLDER, me.id, token))
    raise to("/warning/imports", "imported")


async def nothing(request: web.Request) -> web.StreamResponse:
    """Keep that a district had nothing to deliver in a month: silence reads 缺数, this does not."""
    fields = await form(request)
    kind, place = _kind(fields.get("kind", "")), fields.get("district", "")
    month = day_given(f"{fields.get('month', '')}-01")

    def work(db: Session, me: Staff) -> None:
        region = vocabulary().regions.get(place)
        if region is None or region.level != 3 or month is None or month > clock.today():
            raise NotVisible
        me.need(WARNING_EDIT, place)
        name = _SAY("nothing_to_deliver", place=region.name, month=f"{month:%Y-%m}")
        digest = hashlib.sha256(f"{kind}:{place}:{month}".encode()).hexdigest()
        batch = batches.apply(db, Delivered(kind, name, digest), me.name, [(place, month)])
        _log(db, me, "warning_import", batch)

    await run(request[MEMBER], work)
    raise to("/warning/imports", "saved")


async def undo(request: web.Request) -> web.StreamResponse:
    """Take a batch back from now on: one whose districts are all in one's areas."""
    batch_id = number(request)

    def work(db: Session, me: Staff) -> None:
        places = _places(db, [batch_id]).get(batch_id, set())
        if not places or not all(_may(me, place) for place in places):
            raise NotVisible
        _log(db, me, "warning_import_undone", batches.undo(db, batch_id, me.name))

    await run(request[MEMBER], work)
    raise to("/warning/imports", "undone")


def _context(db: Session, me: Staff, request: web.Request) -> dict[str, Any]:
    region, month = area_and_month(request, me)
    places = districts(region)
    delivered = {kind: batches.completeness(db, kind, month, places) for kind in MONTHLY}
    rows = [
        (place, vocabulary().full_name(place), [delivered[kind][place] for kind in MONTHLY])
        for place in places
    ]
    return {
        **choices(me, region, month), "kinds": LABELS, "monthly": MONTHLY, "places": rows,
        "batches": _batches(db, me), "preview": None, "token": "", "most": LINES,
    }  # fmt: skip


def _batches(db: Session, me: Staff) -> list[dict[str, Any]]:
    """Return the batches that hold a district of one's areas, the newest first."""
    query = select(WarningBatch).where(WarningBatch.undoes.is_(None))
    newest = db.scalars(query.order_by(WarningBatch.id.desc()).limit(10 * BATCHES)).all()
    places = _places(db, [batch.id for batch in newest])
    inverses = db.scalars(select(WarningBatch).where(WarningBatch.undoes.is_not(None)))
    undone = {inverse.undoes: inverse for inverse in inverses}
    return [
        {
            "batch": batch, "label": LABELS[_kind(batch.kind)], "undone": undone.get(batch.id),
            "own": all(_may(me, place) for place in places[batch.id]),
        }
        for batch in newest
        if any(me.may(WARNING, area_of_region(place)) for place in places.get(batch.id, ()))
    ][:BATCHES]  # fmt: skip


def _places(db: Session, ids: list[int]) -> dict[int, set[str]]:
    """Return the districts of batches."""
    places: dict[int, set[str]] = {}
    for table in (WarningDelivery, EmployerRecord):
        query = select(table.batch_id, table.district).where(table.batch_id.in_(ids)).distinct()
        for batch, place in db.execute(query):
            places.setdefault(batch, set()).add(place)
    return places


def _read(me: Staff, kind: Kind, name: str, body: bytes) -> Delivered:
    """Read a sheet within one's areas. Raises WrongState with a sentence for the page."""
    with tempfile.TemporaryDirectory(prefix="jiuye-sheet-") as folder:
        file = Path(folder) / f"sheet{Path(name).suffix.lower()}"
        file.write_bytes(body)
        try:
            return read_delivery(file, kind, lambda place: _may(me, place), name[:200])
        except PostingFileError as wrong:
            where = f"第{wrong.row}行：" if wrong.row else ""
            raise WrongState(_SAY("sheet_unreadable", where=where, reason=wrong.reason)) from None


def _may(me: Staff, place: str) -> bool:
    return me.may(WARNING_EDIT, area_of_region(place))


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise NotVisible


def _log(db: Session, me: Staff, action: str, batch: WarningBatch) -> None:
    """Log an import under one's widest area: a batch has many districts."""
    region = region_of_area(me.scopes(WARNING_EDIT)[0])
    log(db, me, action, "warning_batch", str(batch.id), region)
