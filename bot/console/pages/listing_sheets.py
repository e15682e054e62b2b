"""站点·会·班, sheets: what one would change, applied and taken back."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.casework.errors import WrongState
from bot.casework.roles import LISTINGS, LISTINGS_EDIT, Staff
from bot.casework.scope import visible
from bot.console.database import run
from bot.console.pages.listings import KINDS, PATH, author_of, kind_of
from bot.console.web import MEMBER, form, number, page, render, to
from bot.db.session import Session
from bot.places.changes import TABLES, batches_within, take_back
from bot.places.errors import ListingFileError
from bot.places.importer import PlaceImportReport, apply_sheet, preview_sheet
from bot.places.sheets import Kind, header_of, read_sheet
from bot.private_files import make_file, make_own_folder
from bot.settings import ROOT
from bot.wording import wording

_SAY = wording("console")

#: Where a sheet waits between its preview and its import, for its owner alone.
FOLDER = ROOT / "var" / "sheets"
#: Seconds after which a sheet that nobody imported is deleted.
SHEET_LIFETIME_S = 24 * 3600.0
#: Lines of a preview.
LINES = 200
_SUFFIXES = (".csv", ".xlsx")
_TOKEN = re.compile(r"[0-9a-f]{64}\.(?:csv|xlsx)")


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get(PATH + "/imports", listing), web.post(PATH + "/imports", upload),
        web.post(PATH + "/imports/apply", apply),
        web.post(PATH + "/imports/{number}/undo", undo),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show the imports and changes of a kind in one's areas."""
    kind = kind_of(request)
    return await page(request, "listing_imports.html", lambda db, me: _batches(db, me, kind))


async def upload(request: web.Request) -> web.StreamResponse:
    """Show what a sheet would change; it waits for a day to be imported."""
    posted, kind = await request.post(), kind_of(request)
    sheet = posted.get("sheet")
    if not isinstance(sheet, web.FileField) or not sheet.filename:
        raise WrongState(_SAY("no_file"))
    name, body = Path(sheet.filename).name[:200], sheet.file.read()
    suffix = Path(name).suffix.lower()
    if suffix not in _SUFFIXES:
        raise WrongState(_SAY("wrong_file_type"))

    def work(db: Session, me: Staff) -> tuple[Staff, dict[str, Any]]:
        author = author_of(me)
        token = f"{hashlib.sha256(body).hexdigest()}{suffix}"
        file = _store_sheet(me, token, body)
        report = preview_sheet(db, file, kind, _read(file, kind), author.areas)
        preview = _preview_context(kind, report)
        return me, {**_batches(db, me, kind), "report": preview, "token": token, "name": name}

    me, values = await run(request[MEMBER], work)
    return render(request, "listing_imports.html", {**values, "me": me})


async def apply(request: web.Request) -> web.StreamResponse:
    """Import a sheet that waits."""
    kind, fields = kind_of(request), await form(request)
    token, name = fields.get("token", ""), fields.get("name", "")[:200]

    def work(db: Session, me: Staff) -> None:
        author = author_of(me)
        file = _stored_sheet(me, token)
        apply_sheet(db, file, kind, _read(file, kind), author.name, author.areas, name)
        file.unlink(missing_ok=True)

    await run(request[MEMBER], work)
    raise to(f"/listings/{kind}/imports", "imported")


async def undo(request: web.Request) -> web.StreamResponse:
    """Take an import back."""
    kind, batch = kind_of(request), number(request)

    def work(db: Session, me: Staff) -> None:
        author = author_of(me)
        take_back(db, batch, author.name, author.areas)

    await run(request[MEMBER], work)
    raise to(f"/listings/{kind}/imports", "undone")


def _batches(db: Session, me: Staff, kind: Kind) -> dict[str, Any]:
    me.need(LISTINGS_EDIT)
    condition = visible(me, TABLES[kind], LISTINGS)
    return {
        "kind": kind, "kinds": KINDS, "batches": batches_within(db, kind, condition, me.name),
        "report": None, "token": "", "name": "",
    }  # fmt: skip


def _read(file: Path, kind: Kind) -> Any:
    """Return a sheet's rows. Raises WrongState with a sentence for the page."""
    try:
        return read_sheet(file, kind)
    except ListingFileError as wrong:
        file.unlink(missing_ok=True)
        raise WrongState(wrong.sentence) from None


def _preview_context(kind: Kind, report: PlaceImportReport) -> Mapping[str, Any]:
    """Return a preview in the words of the page."""

    def label(field: str) -> str:
        return "区县" if field == "region" else header_of(kind, field)

    notes = [(row, *note.partition(": ")[::2]) for row, note in report.notes]
    refused = [(fault.number, label(fault.field), fault.reason) for fault in report.refused]
    return {
        "new": report.new, "changed": report.changed, "same": report.same,
        "refused": refused[:LINES],
        "refusals": len(report.refused), "unread": report.unread,
        "notes": [(row, label(field), reason) for row, field, reason in notes][:LINES],
        "skipped": len(report.skipped),
    }  # fmt: skip


def _store_sheet(me: Staff, token: str, body: bytes) -> Path:
    """Write a sheet for its owner alone; those that waited too long are deleted."""
    folder = FOLDER / str(me.id)
    make_own_folder(FOLDER)
    make_own_folder(folder)
    for old in FOLDER.glob("*/*"):
        if time.time() - old.stat().st_mtime > SHEET_LIFETIME_S:
            old.unlink(missing_ok=True)
    file = folder / token
    make_file(file)
    file.write_bytes(body)
    return file


def _stored_sheet(me: Staff, token: str) -> Path:
    file = FOLDER / str(me.id) / token
    if not _TOKEN.fullmatch(token) or not file.is_file():
        raise WrongState(_SAY("sheet_gone"))
    return file
