"""导入: a sheet is shown with what it would change, applied, and taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.casework.errors import WrongState
from bot.casework.roles import LEDGER, Staff
from bot.casework.scope import get, visible
from bot.casework_imports.apply import apply, undo
from bot.casework_imports.columns import kinds
from bot.casework_imports.preview import preview, rows_of
from bot.console.database import run
from bot.console.web import MEMBER, number, page, to
from bot.db.session import Session
from bot.db.tables import Counsellor, ImportBatch
from bot.wording import wording

_SAY = wording("console")

STATES = {"previewed": "只看过，没导入", "applied": "已导入", "undone": "已撤回"}
ACTIONS = {"new": "新增", "changed": "更改", "same": "不变", "refused": "退回"}
#: Batches of the list, rows of each kind on a batch's page.
BATCHES, ROWS = 50, 200


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/imports", listing), web.post("/imports", upload),
        web.get("/imports/{number}", show), web.post("/imports/{number}/{what:apply|undo}", act),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show the batches of one's areas, the newest first."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(LEDGER)
        query = (
            select(ImportBatch, Counsellor.name)
            .join(Counsellor, Counsellor.id == ImportBatch.counsellor_id)
            .where(visible(me, ImportBatch, LEDGER))
            .order_by(ImportBatch.id.desc())
            .limit(BATCHES)
        )
        batches = db.execute(query).all()
        return {"batches": batches, "kinds": kinds(), "states": STATES}

    return await page(request, "imports.html", work)


async def upload(request: web.Request) -> web.StreamResponse:
    """Read a sheet and lead to what it would change. The file itself is not kept."""
    posted = await request.post()
    sheet, kind = posted.get("sheet"), str(posted.get("kind", ""))
    if not isinstance(sheet, web.FileField) or not sheet.filename:
        raise WrongState(_SAY("no_file"))
    name, body = Path(sheet.filename).name, sheet.file

    def work(db: Session, me: Staff) -> int:
        with tempfile.TemporaryDirectory(prefix="jiuye-sheet-") as folder:
            file = Path(folder) / f"sheet{Path(name).suffix.lower()}"
            file.write_bytes(body.read())
            return preview(db, me, kind, file, name).id

    raise to(f"/imports/{await run(request[MEMBER], work)}")


async def show(request: web.Request) -> web.Response:
    """Show a batch: counts, and rows by what would become of them."""
    batch_id, action = number(request), request.query.get("action", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        batch: ImportBatch = get(db, me, ImportBatch, batch_id, LEDGER)
        chosen = action if action in ACTIONS else ""
        return {
            "batch": batch, "rows": rows_of(db, batch, chosen, ROWS), "action": chosen,
            "actions": ACTIONS, "states": STATES, "kind": kinds()[batch.kind].label, "most": ROWS,
        }  # fmt: skip

    return await page(request, "import.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Apply or take back a batch."""
    batch_id, action = number(request), request.match_info["what"]
    done = apply if action == "apply" else undo
    await run(request[MEMBER], lambda db, me: done(db, me, batch_id))
    raise to(f"/imports/{batch_id}", "imported" if action == "apply" else "undone")
