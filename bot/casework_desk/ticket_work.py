"""Steps on a ticket: take it, answer, give it on or back, close it, write down what it is about.

Each is a row of the log of looks; the seeker is told as at /desk/ (bot/handoff/service.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import area_of_region
from bot.casework.errors import NotPermitted, NotVisible, WrongState
from bot.casework.roles import ASSIGN, TICKETS, Staff, serving
from bot.casework.scope import everywhere, get, visible
from bot.casework_desk.tickets import account_of, log_step, person_of
from bot.db.tables import Person, Task, Ticket
from bot.handoff import service
from bot.handoff.accounts import by_id
from bot.handoff.errors import NoSuchTicket, NotYours, TicketClosed
from bot.handoff.results import RESULTS, WITH_FOLLOW_UP
from bot.handoff.tickets import MAX_EMPLOYER_CHARS, MAX_LINE_CHARS
from bot.settings import settings
from bot.vocabulary.vocabulary import vocabulary
from bot.wording import wording

_SAY, _DESK = wording("casework"), wording("counsellor_desk")


def take(db: Session, me: Staff, number: int) -> None:
    """Take a ticket that waits. Raises NotVisible, WrongState when a colleague has it."""
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    with _explained():
        service.take_ticket(db, account_of(db, me), number)
    log_step(db, me, "take", ticket)


def answer(db: Session, me: Staff, number: int, text: str, key: str) -> None:
    """Send the seeker some words; the same `key` sends nothing twice. Raises as `take`."""
    if not text.strip() or len(text) > MAX_LINE_CHARS:
        raise WrongState(_SAY("reply_missing"))
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    with _explained():
        service.answer_seeker(db, account_of(db, me), number, text.strip(), key)
    log_step(db, me, "reply", ticket)


def give_back(db: Session, me: Staff, number: int) -> None:
    """Let one's ticket wait for another counsellor. Raises as `take`."""
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    with _explained():
        service.give_back(db, account_of(db, me), number)
    log_step(db, me, "back", ticket)


def assign(db: Session, me: Staff, number: int, colleague: int) -> None:
    """Give a ticket to a colleague who serves its area: one's own, or any for who assigns.

    Raises NotVisible, NotPermitted, WrongState.
    """
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    if ticket.taken_by != me.id and not _assigns(db, me, number):
        raise NotPermitted
    other = by_id(db, colleague)
    if other is None or colleague not in serving(db, TICKETS, ticket.region_code):
        raise NotPermitted
    with _explained():
        service.assign(db, other, number)
    log_step(db, me, "assign", ticket, after={"taken_by": colleague})


def close(db: Session, me: Staff, number: int, result: str, note: str) -> None:
    """Close one's ticket with a result; where something is left to do, that is a task.

    Raises NotVisible, WrongState without a result, or without a note or a district where a task
    needs them.
    """
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    if result not in RESULTS:
        raise WrongState(_SAY("ticket_result_missing"))
    if result in WITH_FOLLOW_UP and not note.strip():
        raise WrongState(_SAY("ticket_note_missing"))
    with _explained():
        service.close(db, account_of(db, me), number, result, note.strip())
    if result in WITH_FOLLOW_UP:
        _make_task(db, me, ticket)
    log_step(db, me, "close", ticket, after={"result": result})


def describe(db: Session, me: Staff, number: int, region: str, employer: str) -> None:
    """Write down the region and the employer of a ticket; elsewhere it waits there.

    Raises NotVisible, WrongState for a region that is none of a city or district, or a ticket that
    a colleague has.
    """
    ticket: Ticket = get(db, me, Ticket, number, TICKETS, lock=True)
    with _explained():
        if ticket.state == "closed":
            raise TicketClosed(number)
        if ticket.taken_by not in (None, me.id) and not _assigns(db, me, number):
            raise NotYours(number)
    if region and (region not in vocabulary().regions or region == settings().home_region):
        raise WrongState(_SAY("ticket_region_wrong"))
    before = {"region": ticket.region_code, "employer": ticket.employer}
    with everywhere(db):  # it may go to an area that one does not see
        ticket.region_code, ticket.employer = region or None, employer[:MAX_EMPLOYER_CHARS]
        db.flush()
        if ticket.state == "taken" and ticket.taken_by not in serving(db, TICKETS, region or None):
            service.move_on(db, ticket)
        log_step(db, me, "describe", ticket, before, {"region": region, "employer": employer})


def _assigns(db: Session, me: Staff, number: int) -> bool:
    query = select(Ticket.id).where(Ticket.id == number, visible(me, Ticket, ASSIGN))
    return db.scalar(query) is not None


def _make_task(db: Session, me: Staff, ticket: Ticket) -> None:
    """Make the task that a result leaves, for the person of the record or for the district."""
    person = db.get(Person, person_of(db, me, ticket) or 0)
    district = person.district_code if person else ticket.region_code
    if district is None or len(area_of_region(district)) < 6:
        raise WrongState(_SAY("ticket_district_missing"))
    db.add(
        Task(
            key=f"ticket:{ticket.id}", kind="ticket", person_id=person.id if person else None,
            subject_id=ticket.id, region_code=person.region_code if person else district,
            district_code=district, assignee_id=me.id, due_at=clock.now(), has_deadline=False,
            rule=_SAY(
                "ticket_task_rule", number=ticket.id, result=RESULTS[ticket.result],
                note=ticket.result_note,
            )[:200],
            state="claimed", result="", created_at=clock.now(),
        )
    )  # fmt: skip
    db.flush()


@contextmanager
def _explained() -> Iterator[None]:
    """Raise errors of the desk as those of casework, which the console explains."""
    try:
        yield
    except NoSuchTicket:
        raise NotVisible from None
    except NotYours:
        raise WrongState(_DESK("not_yours")) from None
    except TicketClosed:
        raise WrongState(_DESK("ticket_closed")) from None
