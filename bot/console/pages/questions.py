"""没答上: groups of questions that the bot could not answer, for who writes policies."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.audit.chain import Action, append
from bot.casework.roles import QUESTIONS, Staff
from bot.casework.scope import visible
from bot.console.database import run
from bot.console.web import MEMBER, form, number, page, to
from bot.db.session import Session
from bot.db.tables import UnansweredQuestion
from bot.unanswered import groups
from bot.vocabulary.vocabulary import vocabulary


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/questions", listing), web.get("/questions/{number}", show),
        web.post("/questions/{number}/{what:state|merge}", act),
    ]  # fmt: skip


async def listing(request: web.Request) -> web.Response:
    """Show groups, those asked most often first: ?state=…&page=0."""
    query = request.query
    state, shown = query.get("state", "new"), query.get("page", "")
    state = state if state in groups.STATES else "new"
    at = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 5 else 0

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(QUESTIONS)
        groups.group_new(db)
        scope = visible(me, UnansweredQuestion, QUESTIONS)
        rows = groups.group_rows(db, state, scope, groups.PAGE + 1, at * groups.PAGE)
        return {
            "rows": rows[: groups.PAGE], "more": len(rows) > groups.PAGE, "at": at,
            "state": state, "states": groups.STATES,
        }  # fmt: skip

    return await page(request, "questions.html", work)


async def show(request: web.Request) -> web.Response:
    """Show a group with its newest questions."""
    group_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        me.need(QUESTIONS)
        scope = visible(me, UnansweredQuestion, QUESTIONS)
        examples = groups.examples(db, group_id, scope)
        return {
            "group": groups.group_row(db, group_id, scope), "examples": examples,
            "places": {one.region_code: vocabulary().full_name(one.region_code)
                       for one in examples if one.region_code},
            "states": groups.STATES,
        }  # fmt: skip

    return await page(request, "question.html", work)


async def act(request: web.Request) -> web.StreamResponse:
    """Set a group's state, or put it into another group."""
    group_id, action, fields = number(request), request.match_info["what"], await form(request)

    def work(db: Session, me: Staff) -> int:
        me.need(QUESTIONS)
        scope = visible(me, UnansweredQuestion, QUESTIONS)
        groups.group_row(db, group_id, scope)
        target = group_id
        if action == "merge":
            into = fields.get("into", "")
            fits = into.isascii() and into.isdigit() and len(into) < 10
            target = groups.group_row(db, int(into) if fits else 0, scope).id
            groups.merge(db, group_id, target)
        else:
            state = fields.get("state", "")
            state = state if state in groups.STATES else "new"
            policy_id, note = fields.get("policy", ""), fields.get("note", "")
            groups.set_state(db, me.id, group_id, state, policy_id, note)
        purpose = f"没答上的问题：{groups.STATES.get(fields.get('state', ''), '并组')}"
        append(db, Action(f"counsellor:{me.id}", action, "question_group", purpose, str(group_id)))
        return target

    raise to(f"/questions/{await run(request[MEMBER], work)}", "saved")
