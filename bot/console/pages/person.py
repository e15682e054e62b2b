"""一个人: all that is kept of a person, and what can be done for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import (
    contacts,
    focus,
    links,
    people,
    placements,
    plans,
    promises,
    registrations,
    transfers,
)
from bot.casework.contacts import NEED_KINDS, OUTCOMES, WAYS, WISHES, NewNeed
from bot.casework.duty_store import items
from bot.casework.errors import WrongState
from bot.casework.plans import ACTORS, AGREED_BY, SUPPORTS, Step
from bot.casework.roles import IDENTITY, LEDGER, PLANS, REVIEW, Staff
from bot.casework.scope import get
from bot.console.database import run
from bot.console.web import MEMBER, day_given, form, number, page, to
from bot.db.session import Session
from bot.db.tables import Person, Registration
from bot.wording import wording

_SAY = wording("console")

#: Why a page of a person is opened; the log of looks keeps it.
PURPOSES = {
    "list": "从名单打开", "task": "办待办", "search": "查找", "review": "注销复核",
    "again": "办理后回看",
}  # fmt: skip
#: Steps that a plan's form has room for.
STEPS = 12


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    return [
        web.get("/people/{number}", show),
        web.post("/people/{number}/reveal/{what:phone|id_number|code}", reveal),
        web.post("/people/{number}/{what:contact|need|wish|promise|placement|plan}", add),
        web.get("/people/{number}/plan", show_plan),
        web.post("/people/{person}/needs/{number}", _doing(_end_need)),
        web.post("/people/{person}/registrations/{number}/exit", propose),
        web.post("/people/{person}/registrations/{number}/objection", _doing(_object)),
        web.post("/people/{person}/promises/{number}/{what:offer|answer|working|withdraw|remedy}",
                 _doing(_on_promise)),
        web.post("/people/{person}/placements/{number}/{what:verify|check}", _doing(_on_placement)),
        web.post("/people/{person}/plans/{number}/{what:version|agree|unchanged|close}",
                 _doing(_on_plan)),
    ]  # fmt: skip


async def show(request: web.Request) -> web.Response:
    """Show a person; the look is logged with its purpose: ?why=task."""
    person_id = number(request)
    why = "again" if request.query.get("done") else request.query.get("why", "list")
    return await _page(request, person_id, PURPOSES.get(why, PURPOSES["list"]), {})


async def reveal(request: web.Request) -> web.Response:
    """Show a telephone, an identity number, or a new code for linking: each logged."""
    person_id, field, fields = number(request), request.match_info["what"], await form(request)
    purpose = fields.get("purpose", "")[:100] or "联系本人"

    def work(db: Session, me: Staff) -> str:
        if field == "phone":
            return people.phone(db, me, person_id, purpose)
        if field == "id_number":
            return people.id_number(db, me, person_id, purpose)
        return links.hand_out(db, me, person_id)

    value = await run(request[MEMBER], work)
    return await _page(request, person_id, purpose, {field: value})


async def add(request: web.Request) -> web.StreamResponse:
    """Keep a contact, a need, a wish, or begin a promise, a placement, a plan."""
    person_id, record_kind, fields = (
        number(request),
        request.match_info["what"],
        await form(request),
    )

    def work(db: Session, me: Staff) -> None:
        if record_kind == "contact":
            detail, kind = fields.get("need_detail", ""), fields.get("need_kind", "")
            needs = [NewNeed(kind, detail)] if kind else []
            way, outcome = fields.get("way", ""), fields.get("outcome", "")
            contacts.record(db, me, person_id, way, outcome, fields.get("note", ""), None, needs)
        elif record_kind == "need":
            kind, detail = fields.get("kind", ""), fields.get("detail", "")
            contacts.add_need(db, me, person_id, NewNeed(kind, detail))
        elif record_kind == "wish":
            hours, assistance = fields.get("hours", ""), fields.get("assistance", "")
            contacts.set_wish(db, me, person_id, fields.get("way", ""), hours, assistance)
        elif record_kind == "promise":
            promises.start(db, me, person_id)
        elif record_kind == "placement":
            day = day_given(fields.get("started_on", "")) or clock.today()
            employer, evidence = fields.get("employer", ""), fields.get("evidence", "")
            placements.claim(db, me, person_id, employer, day, evidence)
        else:
            plans.create(db, me, person_id, _steps(fields))

    await run(request[MEMBER], work)
    raise to(f"/people/{person_id}", "saved")


async def show_plan(request: web.Request) -> web.Response:
    """Show the form of a plan: the newest version, or a draft made of facts."""
    person_id = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        card = plans.card(db, me, person_id)
        draft = plans.draft(db, me, person_id)
        open_plan = card if card is not None and card.state_code != "closed" else None
        newest = (
            next((version for version in open_plan.versions if not version.unchanged), None)
            if open_plan
            else None
        )
        steps = list(newest.steps if newest else draft.steps)[:STEPS]
        return {
            "number": person_id, "plan": open_plan, "facts": draft.facts, "steps": steps,
            "room": STEPS - len(steps), "supports": SUPPORTS, "actors": ACTORS,
        }  # fmt: skip

    return await page(request, "plan.html", work)


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose an exit; what may never be a reason becomes a manual review."""
    person, registration_id, fields = (
        number(request, "person"),
        number(request),
        await form(request),
    )

    def work(db: Session, me: Staff) -> str:
        reason = fields.get("reason", "")
        if reason in registrations.CAUSES:
            registration: Registration = get(
                db, me, Registration, registration_id, LEDGER, lock=True
            )
            evidence = fields.get("evidence", "")
            registrations.note_forbidden(db, registration, reason, me.id, evidence)
            return "review"
        registrations.propose_exit(db, me, registration_id, reason, fields.get("evidence", ""))
        return "proposed"

    done = await run(request[MEMBER], work)
    raise to(f"/people/{person}", done)


Act = Callable[[Session, Staff, int, str, dict[str, str]], object]


def _doing(act: Act) -> Callable[[web.Request], Any]:
    """Return the handler of a form about something of a person."""

    async def handle(request: web.Request) -> web.StreamResponse:
        person, record_id, fields = number(request, "person"), number(request), await form(request)
        action = request.match_info.get("what", "")
        await run(request[MEMBER], lambda db, me: act(db, me, record_id, action, fields))
        raise to(f"/people/{person}", "saved")

    return handle


def _end_need(db: Session, me: Staff, need_id: int, _: str, fields: dict[str, str]) -> None:
    contacts.end_need(db, me, need_id, fields.get("state", ""))


def _object(db: Session, me: Staff, registration_id: int, _: str, fields: dict[str, str]) -> None:
    """Keep an objection that the person told at the desk or by telephone."""
    registration: Registration = get(db, me, Registration, registration_id, lock=True)
    if not fields.get("note"):
        raise WrongState(_SAY("objection_needed"))
    registrations.object_to_exit(db, registration, fields["note"])


def _on_promise(
    db: Session, me: Staff, promise_id: int, action: str, fields: dict[str, str]
) -> None:
    posting = fields.get("posting", "")
    chosen = int(posting) if posting.isdigit() and len(posting) < 10 else 0
    note = fields.get("note", "")
    if action == "offer":
        promises.offer(db, me, promise_id, chosen, fields.get("way", "phone"))
    elif action == "answer":
        promises.answer(db, me, promise_id, chosen, fields.get("answer") == "accepted", note)
    elif action == "working":
        promises.mark_working(db, me, promise_id)
    elif action == "withdraw":
        promises.withdraw(db, me, promise_id, note)
    else:
        promises.remedy(db, me, promise_id, note)


def _on_placement(
    db: Session, me: Staff, placement_id: int, action: str, fields: dict[str, str]
) -> None:
    if action == "verify":
        placements.verify(db, me, placement_id, fields.get("evidence", ""))
        return
    choices = {"yes": True, "no": False}
    works = choices.get(fields.get("works", ""), True)
    paid, insured = choices.get(fields.get("paid", "")), choices.get(fields.get("insured", ""))
    placements.check(db, me, placement_id, works, paid, insured, fields.get("note", ""))


def _on_plan(db: Session, me: Staff, plan_id: int, action: str, fields: dict[str, str]) -> None:
    if action == "version":
        plans.add_version(db, me, plan_id, _steps(fields), fields.get("reason", ""))
    elif action == "agree":
        plans.agree(db, me, plan_id, fields.get("way", ""))
    elif action == "unchanged":
        plans.note_unchanged(db, me, plan_id)
    else:
        plans.close(db, me, plan_id, fields.get("reason", ""))


def _steps(fields: dict[str, str]) -> list[Step]:
    """Return the steps of a form in the order that it numbers them; an empty one is left out."""
    steps: list[tuple[int, int, Step]] = []
    for index in range(STEPS):
        action = fields.get(f"action{index}", "")
        if not action:
            continue
        due = day_given(fields.get(f"due{index}", ""))
        if due is None:
            raise WrongState(_SAY("step_without_day", step=index + 1))
        order = fields.get(f"order{index}", "")
        step = Step(fields.get(f"kind{index}", ""), action, fields.get(f"actor{index}", ""), due)
        steps.append((int(order) if order.isdigit() else index + 1, index, step))
    return [step for _, _, step in sorted(steps, key=lambda one: one[:2])]


async def _page(
    request: web.Request, person_id: int, purpose: str, revealed: dict[str, str]
) -> web.Response:
    def work(db: Session, me: Staff) -> dict[str, Any]:
        card = people.view(db, me, person_id, purpose)
        may_plan = me.may(PLANS, card.region_code)
        promise_cards = promises.cards(db, me, person_id) if may_plan else []
        running = [promise for promise in promise_cards if promise.state_code == "running"]
        get(db, me, Person, person_id)
        return {
            "focus_cards": focus.cards(db, me, person_id), "focus_kinds": focus.KINDS,
            "card": card, "shown": revealed, "promises": promise_cards,
            "next_offers": promises.next_offers(db, me, running[0].id) if running else [],
            "plan": plans.card(db, me, person_id) if may_plan else None,
            "placements": placements.lines(db, me, person_id) if may_plan else [],
            "past_transfers": transfers.history(db, person_id),
            "may_plan": may_plan, "may_exit": me.may(LEDGER, card.region_code),
            "may_review": me.may(REVIEW, card.region_code),
            "may_identify": me.may(IDENTITY, card.region_code), "ways": WAYS,
            "outcomes": OUTCOMES, "wishes": WISHES, "need_kinds": NEED_KINDS,
            "reasons": items(db, "exit_reasons", card.region_code, clock.today()),
            "causes": registrations.CAUSES, "agreed_by": AGREED_BY,
            "evidence": placements.EVIDENCE, "supports": SUPPORTS, "actors": ACTORS,
        }  # fmt: skip

    return await page(request, "person.html", work)
