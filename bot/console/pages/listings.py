"""站点·会·班: what the area lists, one record, its changes by a form, and the export."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot import clock
from bot.casework.areas import is_area, name_of
from bot.casework.errors import NotPermitted
from bot.casework.roles import LISTINGS, LISTINGS_EDIT, Staff
from bot.casework.scope import count, get, visible, within
from bot.console.database import run
from bot.console.regions import region_names
from bot.console.web import MEMBER, form, number, page, render, to
from bot.db.session import Session
from bot.places import entry
from bot.places.browse import CHOICES, ListingFilter, chosen_rows, listing_page
from bot.places.changes import TABLES, history, take_back
from bot.places.entry import Author, ManualEntry
from bot.places.errors import ListingRowError
from bot.places.export import FIELDS, cells_of, export
from bot.places.sheets import Kind, header_of, region_cells
from bot.places.status import status_of
from bot.places.words import words
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY = wording("console")

KINDS: Mapping[Kind, str] = {
    "station": "站点", "fair": "招聘会", "course": "培训班", "provider": "培训机构",
    "directory": "目录", "rate": "补贴标准",
}  # fmt: skip
PATH = "/listings/{kind:station|fair|course|provider|directory|rate}"
#: Rows are counted up to so many.
MAX_COUNTED = 1000
#: Fields of a form whose value is one of some words.
_WORDS = {"kind": "kinds", "directory": "directories"}
_DATUMS = {"": "没有", "GCJ-02": "GCJ-02（高德、腾讯、微信）", "WGS-84": "WGS-84（天地图、GPS）"}
#: How a field is written, where that is not plain.
_EXAMPLES = {
    "hours": "周一至周五 8:30-17:00", "functions": "政策宣传、零工驿站", "day": "2026-12-05",
    "time": "9:00-11:30", "rule": "每周六", "until": "2026-12-31", "left_out": "2026-12-12",
    "audiences": "高校毕业生、退役军人", "starts_on": "2026-12-05", "ends_on": "2026-12-20",
    "enrol_by": "2026-12-01", "fee": "免费，或 800元", "ages": "18-55岁", "amount": "1000元",
    "quarter": "2026年第4季度", "schedule": "周末 9:00-16:00", "mode": "线下", "position": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of the form of a listing."""

    name: str
    label: str
    value: str
    example: str = ""
    choices: Mapping[str, str] | None = None


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/listings", listing),
        web.get(PATH + "/new", show_new), web.post(PATH + "/new", enter_new),
        web.get(PATH + "/export.{suffix:csv|xlsx}", download),
        web.get(PATH + "/{number}", show), web.post(PATH + "/{number}", change),
        web.post(PATH + "/{number}/{what:confirm|open|full|closed|cancelled}", act),
        web.post(PATH + "/{number}/undo/{batch}", undo),
    ]  # fmt: skip


def kind_of(request: web.Request) -> Kind:
    """Return the kind of listing that an address names."""
    kind: Kind = request.match_info["kind"]  # type: ignore[assignment]
    return kind


def author_of(me: Staff) -> Author:
    """Return a member as an author of listings. Raises NotPermitted."""
    me.need(LISTINGS_EDIT)
    return Author(me.name, me.scopes(LISTINGS_EDIT))


async def listing(request: web.Request) -> web.Response:
    """Show a page of a kind: ?kind=…&area=…&state=…&words=…&after=…"""
    query = request.query
    kind: Kind = next(
        (known_kind for known_kind in KINDS if known_kind == query.get("kind")), "station"
    )
    state, area = query.get("state", ""), query.get("area", "")
    after = query.get("after", "")
    chosen = ListingFilter(
        kind, state if state in CHOICES else "", query.get("words", "").strip()[:40]
    )

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(LISTINGS)
        condition = visible(me, TABLES[kind], LISTINGS)
        if is_area(area):
            condition &= within(TABLES[kind].region_code, area[:6])
        start = int(after) if after.isdigit() and len(after) < 10 else 0
        result = listing_page(db, condition, chosen, clock.today(), start)
        total = count(db, condition & chosen_rows(chosen, clock.today()), TABLES[kind], MAX_COUNTED)
        return {
            "kinds": KINDS, "kind": kind, "chosen": chosen, "states": CHOICES,
            "area": area if is_area(area) else "", "page": result,
            "total": f"{MAX_COUNTED}+" if total > MAX_COUNTED else str(total),
            "regions": region_names(me, LISTINGS), "places": _place_names(result.rows),
            "status": {row.id: _status(row, kind) for row in result.rows},
            "may_edit": me.may(LISTINGS_EDIT),
        }  # fmt: skip

    return await page(request, "listings.html", work)


async def show(request: web.Request) -> web.Response:
    """Show one record with its form and its history."""
    kind, listing_id = kind_of(request), number(request)
    return await page(
        request, "listing.html", lambda db, me: _record(db, me, kind, listing_id, None, ())
    )


async def show_new(request: web.Request) -> web.Response:
    """Show the form for a new record."""
    kind = kind_of(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(LISTINGS_EDIT)
        return _empty_form(me, kind, {})

    return await page(request, "listing.html", work)


async def enter_new(request: web.Request) -> web.StreamResponse:
    """Write a new record; a field that cannot be read is named next to the form."""
    return await _write(request, None)


async def change(request: web.Request) -> web.StreamResponse:
    """Write a record's fields."""
    return await _write(request, number(request))


async def _write(request: web.Request, listing_id: int | None) -> web.StreamResponse:
    kind, fields = kind_of(request), await form(request)

    def work(db: Session, me: Staff) -> tuple[Staff, ManualEntry, dict[str, Any]]:
        author = author_of(me)
        row = (
            get(db, me, TABLES[kind], listing_id, LISTINGS_EDIT) if listing_id is not None else None
        )
        cells = _cells(db, me, kind, row, fields)
        try:
            made = entry.enter(db, author, kind, cells, listing_id)
        except ListingRowError as wrong:
            values = (
                _record(db, me, kind, listing_id, fields, (_with_header(kind, str(wrong)),))
                if listing_id is not None
                else {**_empty_form(me, kind, fields), "faults": (_with_header(kind, str(wrong)),)}
            )
            return me, ManualEntry(0, ()), values
        notes = tuple(_with_header(kind, note) for note in made.notes)
        return me, made, _record(db, me, kind, made.id, None, notes) if notes else {}

    me, made, page_values = await run(request[MEMBER], work)
    if not made.id:
        return render(request, "listing.html", {**page_values, "me": me}, 422)
    if page_values:
        return render(
            request, "listing.html", {**page_values, "me": me, "done": _SAY("done_saved")}
        )
    raise to(f"/listings/{kind}/{made.id}", "saved")


async def act(request: web.Request) -> web.StreamResponse:
    """Confirm a record as of today, or set its state."""
    kind, listing_id, action = kind_of(request), number(request), request.match_info["what"]

    def work(db: Session, me: Staff) -> None:
        author = author_of(me)
        row = get(db, me, TABLES[kind], listing_id, LISTINGS_EDIT)
        if action == "confirm":
            office = _office(db, me, row.region_code)
            entry.confirm(db, author, kind, listing_id, office, clock.today())
        else:
            entry.set_state(db, author, kind, listing_id, action)

    await run(request[MEMBER], work)
    raise to(f"/listings/{kind}/{listing_id}", "saved")


async def undo(request: web.Request) -> web.StreamResponse:
    """Take a change of a record back."""
    kind, listing_id, batch = kind_of(request), number(request), number(request, "batch")

    def work(db: Session, me: Staff) -> bool:
        author = author_of(me)
        take_back(db, batch, author.name, author.areas)
        return db.get(TABLES[kind], listing_id) is not None

    exists = await run(request[MEMBER], work)
    raise to(f"/listings/{kind}/{listing_id}" if exists else "/listings", "undone")


async def download(request: web.Request) -> web.Response:
    """Send the area's records of a kind as a sheet that an import reads again."""
    kind, suffix = kind_of(request), request.match_info["suffix"]

    def work(db: Session, me: Staff) -> bytes:
        me.need(LISTINGS)
        areas = tuple(scope[:6] for scope in me.scopes(LISTINGS))
        with tempfile.TemporaryDirectory(prefix="jiuye-export-") as folder:
            file = Path(folder) / f"listings.{suffix}"
            export(db, kind, file, areas)
            return file.read_bytes()

    body = await run(request[MEMBER], work)
    name = f"{kind}-{clock.today().isoformat()}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)


def _record(
    db: Session, me: Staff, kind: Kind, listing_id: int, rejected_fields: Mapping[str, str] | None,
    faults: tuple[str, ...],
) -> dict[str, Any]:  # fmt: skip
    """Return what the page of a record shows; `rejected_fields` could not be written."""
    row = get(db, me, TABLES[kind], listing_id, LISTINGS)
    may_edit = me.may(LISTINGS_EDIT, row.region_code)
    values = {**_form_values(kind, row), **(rejected_fields or {})}
    return {
        "kind": kind, "kinds": KINDS, "row": row, "number": listing_id, "may_edit": may_edit,
        "fields": _fields(kind, values), "regions": region_names(me, LISTINGS_EDIT),
        "region": values["region"], "place": vocabulary().full_name(row.region_code),
        "status": _status(row, kind), "history": history(db, kind, listing_id), "faults": faults,
        "states": {state: words("states")[state].name for state in entry.states_of(kind)},
    }  # fmt: skip


def _empty_form(me: Staff, kind: Kind, fields: Mapping[str, str]) -> dict[str, Any]:
    regions = region_names(me, LISTINGS_EDIT)
    values = {"region": fields.get("region") or next(iter(regions), ""), **fields}
    return {
        "kind": kind, "kinds": KINDS, "row": None, "number": 0, "may_edit": True,
        "fields": _fields(kind, values), "regions": regions, "region": values["region"],
        "faults": (),
    }  # fmt: skip


def _fields(kind: Kind, values: Mapping[str, str]) -> list[Field]:
    """Return the fields of the form, in the order and by the headers of a sheet."""
    made = []
    for name in (*FIELDS[kind], "lat", "lon", "datum"):
        choices = None
        if name in _WORDS:
            group = words(_WORDS[name])  # type: ignore[arg-type]
            choices = {word.name: word.name for word in group.values()}
        elif name == "datum":
            choices = _DATUMS
        label, example = header_of(kind, name), _EXAMPLES.get(name, "")
        made.append(Field(name, label, values.get(name, ""), example, choices))
    return made


def _form_values(kind: Kind, row: Any) -> dict[str, str]:
    return {**cells_of(kind, row), "region": row.region_code}


def _cells(
    db: Session, me: Staff, kind: Kind, row: Any | None, fields: Mapping[str, str]
) -> dict[str, str]:
    """Return a form as the cells of a sheet's row; what the form has not stays as it was."""
    cells = dict(_form_values(kind, row)) if row is not None else {"state": ""}
    cells |= {column: fields.get(column, "") for column in (*FIELDS[kind], "lat", "lon", "datum")}
    region = fields.get("region", "")
    if region not in vocabulary().regions or not me.may(LISTINGS_EDIT, region):
        raise NotPermitted
    cells["city"], cells["district"] = region_cells(region)
    if fields.get("confirmed") == "yes":
        cells["verified_on"] = clock.today().isoformat()
        cells["verified_by"] = _office(db, me, region)
    return cells


def _office(db: Session, me: Staff, region: str) -> str:
    """Return who verifies a record, as the public reads it: the area, not the person."""
    scope = next(area for area in me.scopes(LISTINGS_EDIT) if region.startswith(area))
    return name_of(db, scope)


def _place_names(rows: Any) -> dict[str, str]:
    return {code: vocabulary().full_name(code) for code in {row.region_code for row in rows}}


def _status(row: Any, kind: Kind) -> str:
    """Return how sure a record is, in words."""
    if row.state in ("closed", "cancelled", "full"):
        return words("states")[row.state].name
    status = status_of(row, kind, clock.today())
    if status.state == "confirmed":
        return _SAY("verified_since", day=status.since)
    return _SAY("unconfirmed_since", day=status.since) if status.since else _SAY("never_confirmed")


def _with_header(kind: Kind, fault: str) -> str:
    """Return a fault or note with the field's header instead of its name."""
    field, _, reason = fault.partition(": ")
    label = "区县" if field == "region" else header_of(kind, field)
    return f"{label}：{reason}"
