"""岗位: those that wait for a review, those entered for an area, and the form to enter one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.casework.areas import name_of, region_of_area
from bot.casework.errors import NotPermitted
from bot.casework.roles import POSTINGS, POSTINGS_REVIEW, Staff
from bot.casework_desk import posting_entry, posting_review
from bot.casework_desk.posting_entry import EntryAuthor
from bot.console.database import run, run_plain
from bot.console.regions import region_names
from bot.console.web import MEMBER, form, number, page, render, to
from bot.db.session import Session
from bot.places.sheets import region_cells
from bot.postings.errors import PostingEntryError
from bot.settings import settings

#: How a field is written, where that is not plain.
EXAMPLES = {
    "title": "保洁员", "address": "兴华南街12号", "salary": "3000-3500元/月",
    "work_time": "白班8小时，双休", "headcount": "2", "contact": "王女士", "phone": "024-12345678",
    "valid_until": "2026-12-31", "tags": "五险，管午饭", "age": "60岁以下", "education": "不限",
    "description": "做什么；优先招谁（退役军人、残疾人、4050人员）",
}  # fmt: skip
#: Fields of the form in their order; the place is chosen.
FIELDS = tuple(name for name in posting_entry.HEADERS if name not in ("city", "district"))


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/postings", listing),
        web.get("/postings/new", show_new), web.post("/postings/new", enter_new),
        web.get("/postings/{number}", show),
        web.get("/postings/{number}/change", show_change),
        web.post("/postings/{number}/change", change),
        web.post("/postings/{number}/{what:release|refuse|return}", decide),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show a list: ?list=waiting|entered|decided&page=0."""
    query = request.query
    chosen, shown = query.get("list", ""), query.get("page", "")
    at = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else 0

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(POSTINGS)
        reviews = me.may(POSTINGS_REVIEW)
        lists = {key: name for key, name in posting_review.LISTS.items()
                 if reviews or key == "entered"}  # fmt: skip
        name = chosen if chosen in lists else next(iter(lists))
        rows, more = _LISTS[name](db, me, at)
        return {
            "lists": lists, "chosen": name, "rows": rows, "at": at, "more": more,
            "actions": posting_review.ACTIONS,
        }  # fmt: skip

    return await page(request, "postings.html", work)


async def show(request: web.Request) -> web.Response:
    """Show one posting with what was found in it, and the decisions on it."""
    posting_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        card = posting_review.view(db, me, posting_id)
        own = card.entry is not None and card.entry.counsellor_id == me.id
        return {
            "card": card, "own": own, "actions": posting_review.ACTIONS,
            "origins": posting_entry.ORIGINS,
        }  # fmt: skip

    return await page(request, "posting.html", work)


async def decide(request: web.Request) -> web.StreamResponse:
    """Publish, refuse or give back a posting that waits."""
    posting_id, action, fields = number(request), request.match_info["what"], await form(request)
    reason = fields.get("reason", "")
    await run(
        request[MEMBER],
        lambda db, me: posting_review.decide(db, me, posting_id, action, reason),
    )
    raise to("/postings", "decided")


async def show_new(request: web.Request) -> web.Response:
    """Show the form for a new posting."""

    def work(_: Session, me: Staff) -> dict[str, Any]:
        me.need(POSTINGS)
        return _form_values(me, None, {}, "")

    return await page(request, "posting_entry.html", work)


async def show_change(request: web.Request) -> web.Response:
    """Show the form of a posting that was entered."""
    posting_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        entered = posting_review.entry_of(db, me, posting_id)
        cells = {**posting_entry.cells_of(entered), "offered_by": entered.origin}
        return _form_values(me, posting_id, cells, "")

    return await page(request, "posting_entry.html", work)


async def enter_new(request: web.Request) -> web.StreamResponse:
    """Write a new posting; a field that cannot be read is named beside the form."""
    return await _write(request, None)


async def change(request: web.Request) -> web.StreamResponse:
    """Write a posting's fields; it waits for a review again."""
    return await _write(request, number(request))


async def _write(request: web.Request, posting_id: int | None) -> web.StreamResponse:
    fields = await form(request)
    fields = {name: value[:1000] for name, value in fields.items()}
    me, author, cells = await run(
        request[MEMBER], lambda db, me: (me, *_checked(db, me, fields, posting_id))
    )
    url = settings().database_url.reveal()
    origin, region = fields.get("offered_by", ""), fields.get("region", "")

    def store(_: Session) -> posting_entry.EnteredPosting:
        return posting_entry.enter(url, author, origin, region, cells, posting_id)

    try:
        made = await run_plain(store)
    except PostingEntryError as wrong:
        label = posting_entry.HEADERS.get(wrong.field, "")
        fault = f"{label}：{wrong.reason}。" if label else f"{wrong.reason}。"
        values = {**_form_values(me, posting_id, fields, fault), "me": me}
        return render(request, "posting_entry.html", values, 422)
    unread = "unread" if made.unread else "entered"
    raise to(f"/postings/{made.posting_id}", unread)


def _checked(
    db: Session, me: Staff, fields: Mapping[str, str], posting_id: int | None
) -> tuple[EntryAuthor, dict[str, str]]:
    """Return who enters for which area, and the cells of a row. Raises NotPermitted, NotVisible."""
    region = fields.get("region", "")
    if region not in region_names(me, POSTINGS):
        raise NotPermitted
    if posting_id is not None:
        area = posting_review.entry_of(db, me, posting_id).area
    else:
        area = _area_for(me, region)
    city, district = region_cells(region)
    cells = {name: fields.get(name, "") for name in FIELDS}
    cells |= {"city": city, "district": district, "region": region}
    return EntryAuthor(me.id, area, name_of(db, area)), cells


def _area_for(me: Staff, region: str) -> str:
    """Return one's smallest area that lies in a region or around it."""
    fitting = [
        scope for scope in me.scopes(POSTINGS)
        if region_of_area(scope) == region or region.startswith(scope)
    ]  # fmt: skip
    if not fitting:
        raise NotPermitted
    return max(fitting, key=len)


def _form_values(
    me: Staff, posting_id: int | None, cells: Mapping[str, str], fault: str
) -> dict[str, Any]:
    regions = region_names(me, POSTINGS)
    return {
        "number": posting_id, "fault": fault, "regions": regions,
        "cells": {name: cells.get(name, "") for name in FIELDS},
        "region": cells.get("region") or next(iter(regions), ""), "fields": FIELDS,
        "headers": posting_entry.HEADERS, "examples": EXAMPLES, "origins": posting_entry.ORIGINS,
        "origin": cells.get("offered_by", ""),
    }  # fmt: skip


_LISTS = {
    "waiting": posting_review.waiting, "entered": posting_review.entered,
    "decided": posting_review.decided,
}  # fmt: skip
