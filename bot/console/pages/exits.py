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
        labels = {one.code: one.label for one in items(db, "exit_reasons", scope, clock.today())}
        return {
            "waiting": waiting, "people": person_labels(db, {one.person_id for one in waiting}),
            "labels": labels,
        }  # fmt: skip

    return await page(request, "exits.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Confirm or refuse an exit, answer an objection, or bring a registration back."""
    wanted, what, given = number(request), request.match_info["what"], await form(request)
    note = given.get("note", "")

    def work(db: Session, me: Staff) -> str:
        if what == "confirm":
            registrations.confirm_exit(db, me, wanted)
            return "confirmed"
        if what == "refuse":
            registrations.refuse_exit(db, me, wanted, note)
            return "refused"
        if what == "restore":
            registrations.restore(db, me, wanted, note)
            return "saved"
        registrations.answer_objection(db, me, wanted, note, upheld=given.get("keep") == "yes")
        return "answered"

    raise to("/exits", await run(request[MEMBER], work))
