"""注销复核: exits that wait for a second person, objections, and what was stopped."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import registrations
from bot.casework.duty_store import items
from bot.casework.roles import REVIEW, Staff
from bot.casework.tasks import person_labels
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/exits", listing),
        web.post("/exits/{number}/{what:confirm|refuse|answer|restore}", act),
    ]


async def listing(request: web.Request) -> web.Response:
    """Show what waits for a review in one's areas."""

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(REVIEW)
        waiting = registrations.proposals(db, me)
        scope = me.scopes(REVIEW)[0]
        labels = {row.code: row.label for row in items(db, "exit_reasons", scope, clock.today())}
        return {
            "waiting": waiting, "people": person_labels(db, {row.person_id for row in waiting}),
            "labels": labels,
        }  # fmt: skip

    return await page(request, "exits.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Confirm or refuse an exit, answer an objection, or bring a registration back."""
    registration_id, action, fields = (
        number(request),
        request.match_info["what"],
        await form(request),
    )
    note = fields.get("note", "")

    def work(db: Session, me: Staff) -> str:
        if action == "confirm":
            registrations.confirm_exit(db, me, registration_id)
            return "confirmed"
        if action == "refuse":
            registrations.refuse_exit(db, me, registration_id, note)
            return "refused"
        if action == "restore":
            registrations.restore(db, me, registration_id, note)
            return "saved"
        registrations.answer_objection(
            db, me, registration_id, note, upheld=fields.get("keep") == "yes"
        )
        return "answered"

    raise to("/exits", await run(request[MEMBER], work))
