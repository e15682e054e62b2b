"""工单: hand-offs of the chat in one's areas; take, answer, give on, close with a result."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.casework.roles import ASSIGN, TICKETS, Staff
from bot.casework_desk import ticket_work, tickets
from bot.console.database import run
from bot.console.regions import region_names
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session
from bot.handoff.queue import canned
from bot.handoff.results import RESULTS
from bot.vocabulary.vocabulary import vocabulary

Step = Callable[[Session, Staff, int, dict[str, str]], None]


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/tickets", listing), web.get("/tickets/{number}", show),
        web.post("/tickets/{number}/{what:take|reply|back|assign|close|describe}", act),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show a list of tickets: ?list=…&area=…&after=…"""
    query = request.query
    chosen, area = query.get("list", ""), query.get("area", "")
    chosen = chosen if chosen in tickets.LISTS else "waiting"

    def work(db: Session, me: Staff) -> dict[str, Any]:
        region = area if area in vocabulary().regions else ""
        return {
            "page": tickets.page(db, me, chosen, region, query.get("after", "")),
            "lists": tickets.LISTS, "chosen": chosen, "area": region,
            "regions": region_names(me, TICKETS),
        }  # fmt: skip

    return await page(request, "tickets.html", work)


async def show(request: web.Request) -> web.Response:
    """Show a ticket with its talk."""
    ticket_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        return {
            "card": tickets.view(db, me, ticket_id), "results": RESULTS, "canned": canned(),
            "regions": region_names(None, TICKETS), "key": secrets.token_urlsafe(12),
            "assigns": me.may(ASSIGN),
            "senders": {"seeker": "求职者", "bot": "机器人", "counsellor": "工作人员"},
        }  # fmt: skip

    return await page(request, "ticket.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Take, answer, give back, give to a colleague, close, or write down place and employer."""
    ticket_id, action, fields = number(request), request.match_info["what"], await form(request)

    def work(db: Session, me: Staff) -> None:
        STEPS[action](db, me, ticket_id, fields)

    await run(request[MEMBER], work)
    stays = action in ("take", "reply")
    raise to(f"/tickets/{ticket_id}" if stays else "/tickets", DONE[action])


def _assign(db: Session, me: Staff, ticket_id: int, fields: dict[str, str]) -> None:
    colleague = fields.get("colleague", "")
    known = colleague.isascii() and colleague.isdigit() and len(colleague) < 10
    ticket_work.assign(db, me, ticket_id, int(colleague) if known else 0)


def _reply(db: Session, me: Staff, ticket_id: int, fields: dict[str, str]) -> None:
    text = fields.get("text") or fields.get("canned", "")
    ticket_work.answer(db, me, ticket_id, text, fields.get("key", "")[:64])


STEPS: dict[str, Step] = {
    "take": lambda db, me, number, _: ticket_work.take(db, me, number),
    "back": lambda db, me, number, _: ticket_work.give_back(db, me, number),
    "reply": _reply,
    "assign": _assign,
    "close": lambda db, me, number, fields: ticket_work.close(
        db, me, number, fields.get("result", ""), fields.get("note", "")
    ),
    "describe": lambda db, me, number, fields: ticket_work.describe(
        db, me, number, fields.get("region", ""), fields.get("employer", "")
    ),
}
DONE = {
    "take": "claimed", "reply": "sent", "back": "given_back", "assign": "assigned",
    "close": "closed", "describe": "saved",
}  # fmt: skip
