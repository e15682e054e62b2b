"""一个人: all that is kept of a person, and what can be done for him."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot import clock
from bot.casework import contacts, links, people, placements, plans, promises, registrations
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
    wanted = number(request)
    why = "again" if request.query.get("done") else request.query.get("why", "list")
    return await _page(request, wanted, PURPOSES.get(why, PURPOSES["list"]), {})


async def reveal(request: web.Request) -> web.Response:
    """Show a telephone, an identity number, or a new code for linking: each logged."""
    wanted, what, given = number(request), request.match_info["what"], await form(request)
    purpose = given.get("purpose", "")[:100] or "联系本人"

    def work(db: Session, me: Staff) -> str:
        if what == "phone":
            return people.phone(db, me, wanted, purpose)
        if what == "id_number":
            return people.id_number(db, me, wanted, purpose)
        return links.hand_out(db, me, wanted)

    shown = await run(request[MEMBER], work)
    return await _page(request, wanted, purpose, {what: shown})


async def add(request: web.Request) -> web.StreamResponse:
    """Keep a contact, a need, a wish, or begin a promise, a placement, a plan."""
    wanted, what, given = number(request), request.match_info["what"], await form(request)

    def work(db: Session, me: Staff) -> None:
        if what == "contact":
            detail, kind = given.get("need_detail", ""), given.get("need_kind", "")
            needs = [NewNeed(kind, detail)] if kind else []
            way, outcome = given.get("way", ""), given.get("outcome", "")
            contacts.record(db, me, wanted, way, outcome, given.get("note", ""), None, needs)
        elif what == "need":
            kind, detail = given.get("kind", ""), given.get("detail", "")
            contacts.add_need(db, me, wanted, NewNeed(kind, detail))
        elif what == "wish":
            hours, assistance = given.get("hours", ""), given.get("assistance", "")
            contacts.set_wish(db, me, wanted, given.get("way", ""), hours, assistance)
        elif what == "promise":
            promises.start(db, me, wanted)
        elif what == "placement":
            day = day_given(given.get("started_on", "")) or clock.today()
            employer, evidence = given.get("employer", ""), given.get("evidence", "")
            placements.claim(db, me, wanted, employer, day, evidence)
        else:
            plans.create(db, me, wanted, _steps(given))

    await run(request[MEMBER], work)
    raise to(f"/people/{wanted}", "saved")


async def show_plan(request: web.Request) -> web.Response:
    """Show the form of a plan: the newest version, or a draft made of facts."""
    wanted = number(request)

    def work(db: Session, me: Staff) -> dict[str, Any]:
        card = plans.card(db, me, wanted)
        draft = plans.draft(db, me, wanted)
        there = card if card is not None and card.state_code != "closed" else None
        newest = next((one for one in there.versions if not one.unchanged), None) if there else None
        steps = list(newest.steps if newest else draft.steps)[:STEPS]
        return {
            "number": wanted, "plan": there, "facts": draft.facts, "steps": steps,
            "room": STEPS - len(steps), "supports": SUPPORTS, "actors": ACTORS,
        }  # fmt: skip

    return await page(request, "plan.html", work)


async def propose(request: web.Request) -> web.StreamResponse:
    """Propose an exit; what may never be a reason becomes a manual review."""
    person, wanted, given = number(request, "person"), number(request), await form(request)

    def work(db: Session, me: Staff) -> str:
        reason = given.get("reason", "")
        if reason in registrations.CAUSES:
            registration: Registration = get(db, me, Registration, wanted, LEDGER, lock=True)
            evidence = given.get("evidence", "")
            registrations.note_forbidden(db, registration, reason, me.id, evidence)
            return "review"
        registrations.propose_exit(db, me, wanted, reason, given.get("evidence", ""))
        return "proposed"

    done = await run(request[MEMBER], work)
    raise to(f"/people/{person}", done)


Act = Callable[[Session, Staff, int, str, dict[str, str]], object]


def _doing(act: Act) -> Callable[[web.Request], Any]:
    """Return the handler of a form about something of a person."""

    async def handle(request: web.Request) -> web.StreamResponse:
        person, wanted, given = number(request, "person"), number(request), await form(request)
        what = request.match_info.get("what", "")
        await run(request[MEMBER], lambda db, me: act(db, me, wanted, what, given))
        raise to(f"/people/{person}", "saved")

    return handle


def _end_need(db: Session, me: Staff, wanted: int, _: str, given: dict[str, str]) -> None:
    contacts.end_need(db, me, wanted, given.get("state", ""))


def _object(db: Session, me: Staff, wanted: int, _: str, given: dict[str, str]) -> None:
    """Keep an objection that the person told at the desk or by telephone."""
    registration: Registration = get(db, me, Registration, wanted, lock=True)
    if not given.get("note"):
        raise WrongState("要写本人怎么说的。")
    registrations.object_to_exit(db, registration, given["note"])


def _on_promise(db: Session, me: Staff, wanted: int, what: str, given: dict[str, str]) -> None:
    posting = given.get("posting", "")
    chosen = int(posting) if posting.isdigit() and len(posting) < 10 else 0
    note = given.get("note", "")
    if what == "offer":
        promises.offer(db, me, wanted, chosen, given.get("way", "phone"))
    elif what == "answer":
        promises.answer(db, me, wanted, chosen, given.get("answer") == "accepted", note)
    elif what == "working":
        promises.mark_working(db, me, wanted)
    elif what == "withdraw":
        promises.withdraw(db, me, wanted, note)
    else:
        promises.remedy(db, me, wanted, note)


def _on_placement(db: Session, me: Staff, wanted: int, what: str, given: dict[str, str]) -> None:
    if what == "verify":
        placements.verify(db, me, wanted, given.get("evidence", ""))
        return
    said = {"yes": True, "no": False}
    works = said.get(given.get("works", ""), True)
    paid, insured = said.get(given.get("paid", "")), said.get(given.get("insured", ""))
    placements.check(db, me, wanted, works, paid, insured, given.get("note", ""))


def _on_plan(db: Session, me: Staff, wanted: int, what: str, given: dict[str, str]) -> None:
    if what == "version":
        plans.add_version(db, me, wanted, _steps(given), given.get("reason", ""))
    elif what == "agree":
        plans.agree(db, me, wanted, given.get("way", ""))
    elif what == "unchanged":
        plans.note_unchanged(db, me, wanted)
    else:
        plans.close(db, me, wanted, given.get("reason", ""))


def _steps(given: dict[str, str]) -> list[Step]:
    """Return the steps of a form in the order that it numbers them; an empty one is left out."""
    found: list[tuple[int, int, Step]] = []
    for at in range(STEPS):
        action = given.get(f"action{at}", "")
        if not action:
            continue
        due = day_given(given.get(f"due{at}", ""))
        if due is None:
            raise WrongState(f"第{at + 1}步没写日期。")
        order = given.get(f"order{at}", "")
        step = Step(given.get(f"kind{at}", ""), action, given.get(f"actor{at}", ""), due)
        found.append((int(order) if order.isdigit() else at + 1, at, step))
    return [step for _, _, step in sorted(found, key=lambda one: one[:2])]


async def _page(
    request: web.Request, wanted: int, purpose: str, shown: dict[str, str]
) -> web.Response:
    def work(db: Session, me: Staff) -> dict[str, Any]:
        card = people.view(db, me, wanted, purpose)
        may_plan = me.may(PLANS, card.region_code)
        held = promises.cards(db, me, wanted) if may_plan else []
        running = [one for one in held if one.state_code == "running"]
        get(db, me, Person, wanted)
        return {
            "card": card, "shown": shown, "promises": held,
            "next_offers": promises.next_offers(db, me, running[0].id) if running else [],
            "plan": plans.card(db, me, wanted) if may_plan else None,
            "placements": placements.lines(db, me, wanted) if may_plan else [],
            "may_plan": may_plan, "may_exit": me.may(LEDGER, card.region_code),
            "may_review": me.may(REVIEW, card.region_code),
            "may_identify": me.may(IDENTITY, card.region_code), "ways": WAYS,
            "outcomes": OUTCOMES, "wishes": WISHES, "need_kinds": NEED_KINDS,
            "reasons": items(db, "exit_reasons", card.region_code, clock.today()),
            "causes": registrations.CAUSES, "agreed_by": AGREED_BY,
            "evidence": placements.EVIDENCE, "supports": SUPPORTS, "actors": ACTORS,
        }  # fmt: skip

    return await page(request, "person.html", work)
