"""今天: everything that is due, by due time; claim, give to a colleague, close."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy import select

from bot.casework import tasks
from bot.casework.areas import is_area
from bot.casework.roles import ASSIGN, PEOPLE, Staff, holders
from bot.casework.scope import get
from bot.casework_desk import posting_review, tickets
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session
from bot.db.tables import Counsellor, Task


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/", today), web.get("/tasks/{number}", show_task),
        web.post("/tasks/{number}/{what:claim|close|skip|assign}", act),
    ]  # fmt: skip


async def today(request: web.Request) -> web.Response:
    """Show what is due: ?after=…&kind=…&area=…&mine=1."""
    query = request.query
    kind, area = query.get("kind", ""), query.get("area", "")
    kind, area = kind if kind in tasks.KINDS else "", area if is_area(area) else ""
    only_own, after = query.get("mine") == "1", query.get("after", "")

    def work(db: Session, me: Staff) -> dict[str, Any]:
        result = tasks.page(db, me, after, kind, area, only_own)
        return {
            "page": result, "kinds": tasks.KINDS, "kind": kind, "area": area, "mine": only_own,
            "tickets": tickets.waiting_count(db, me),
            "postings": posting_review.waiting_count(db, me),
            "returned": posting_review.returned_count(db, me),
        }  # fmt: skip

    return await page(request, "today.html", work)


async def show_task(request: web.Request) -> web.Response:
    """Show a task about no person, or lead to the person it is about."""
    task_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        task: Task = get(db, me, Task, task_id)
        colleagues: list[tuple[int, str]] = []
        if me.may(ASSIGN, task.region_code):
            those = holders(db, PEOPLE, task.region_code)
            rows = select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(those))
            colleagues = [(key, name) for key, name in db.execute(rows.order_by(Counsellor.name))]
        return {
            "task": task, "kind": tasks.KINDS.get(task.kind, task.kind), "colleagues": colleagues,
        }  # fmt: skip

    return await page(request, "task.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Claim, close, skip or give away a task."""
    task_id, action, fields = number(request), request.match_info["what"], await form(request)

    def work(db: Session, me: Staff) -> str:
        if action == "claim":
            tasks.claim(db, me, task_id)
            return "claimed"
        if action == "assign":
            colleague = fields.get("colleague", "")
            tasks.assign(db, me, task_id, int(colleague) if colleague.isdigit() else 0)
            return "assigned"
        if action == "skip":
            tasks.skip(db, me, task_id, fields.get("reason", ""))
        else:
            tasks.close(db, me, task_id, fields.get("result", ""))
        return "closed"

    done = await run(request[MEMBER], work)
    raise to(f"/tasks/{task_id}" if action == "claim" else "/", done)
