"""导出: lists as workbooks, with a purpose; of many people after a second person's yes."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.casework.roles import Staff
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session
from bot.list_exports import exports
from bot.list_exports.sheets import KINDS

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/exports", listing), web.post("/exports", request_export),
        web.post("/exports/{number}/file", download),
        web.post("/exports/{number}/{what:approve|refuse}", decide),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show one's exports, and those of colleagues that wait."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        return {"rows": exports.listing(db, me), "limit": exports.MOST_ALONE}

    return await page(request, "exports.html", work)


async def request_export(request: web.Request) -> web.StreamResponse:
    """Begin an export of the list whose page the form stands on."""
    fields = await form(request)
    kind, purpose = fields.get("list", ""), fields.get("purpose", "")
    filters = {
        name: fields[name] for name in (KINDS[kind].filters if kind in KINDS else ()) if
        name in fields
    }  # fmt: skip

    def work(db: Session, me: Staff) -> str:
        return exports.request(db, me, kind, filters, purpose).state

    state = await run(request[MEMBER], work)
    raise to("/exports", "export_waiting" if state == "waiting" else "export_ready")


async def decide(request: web.Request) -> web.StreamResponse:
    """Agree to a colleague's export, or refuse it."""
    export_id, agrees = number(request), request.match_info["what"] == "approve"
    await run(request[MEMBER], lambda db, me: exports.decide(db, me, export_id, agrees))
    raise to("/exports", "saved" if agrees else "export_refused")


async def download(request: web.Request) -> web.Response:
    """Send the workbook of one's own export."""
    export_id = number(request)
    name, body = await run(request[MEMBER], lambda db, me: exports.workbook(db, me, export_id))
    disposition = f"attachment; filename=\"E{export_id}.xlsx\"; filename*=UTF-8''{quote(name)}"
    return web.Response(body=body, content_type=_XLSX, headers={"Content-Disposition": disposition})
