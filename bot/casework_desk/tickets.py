"""Tickets of an area as its staff see them: lists, and one ticket with its talk.

The talk can be read as at /desk/: while the ticket waits, by who has it, and on the day it was
closed. A look at a ticket is a row of the log of looks. Steps: bot/casework_desk/ticket_work.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.areas import area_of_region, name_of
from bot.casework.duty_store import figure
from bot.casework.errors import NotPermitted
from bot.casework.links import persons_of
from bot.casework.roles import PEOPLE, TICKETS, Staff, serving, staff
from bot.casework.scope import bool_column, get, visible, within
from bot.casework.tasks import Deadline
from bot.db.tables import Counsellor, Employer, JobPreferenceRow, Person, Posting, Ticket
from bot.handoff import queue
from bot.handoff.accounts import Account, by_id
from bot.handoff.errors import NoSuchTicket
from bot.handoff.office_hours import office_hours
from bot.handoff.results import RESULTS
from bot.handoff.tickets import GRAVITY
from bot.matching.replies import describe_preference
from bot.matching.stored_preference import from_row
from bot.privacy.consents import agrees
from bot.settings import settings

#: Why tickets are looked at, in the log of looks.
PURPOSE = "接转人工的工单"
#: Lists of a page, by key.
LISTS = {"waiting": "等着的", "mine": "我的", "colleagues": "同事的", "closed": "结束的"}
#: Rows of one page.
PAGE = 50
_gravity_rank = case(
    *((Ticket.reason == reason, rank) for rank, reason in enumerate(GRAVITY)), else_=len(GRAVITY)
)


@dataclass(frozen=True)
class TicketRow:
    """A ticket as a list shows it: nothing of the person."""

    id: int
    reason: str
    """In Chinese."""
    grave: bool
    channel: str
    place: str
    """Empty where none was spoken of."""
    state: str
    opened_at: datetime
    deadline: Deadline | None
    """Until when somebody should take it; None once it was taken or closed."""
    overdue: bool
    taken_by: str
    mine: bool
    readable: bool
    result: str
    """In Chinese; empty when none was stated."""


@dataclass(frozen=True)
class TicketPage:
    """A page of tickets."""

    rows: tuple[TicketRow, ...]
    after: str
    """Where the next page begins; empty on the last one."""


@dataclass(frozen=True)
class TicketCard:
    """A ticket with its talk and what is known of it."""

    row: TicketRow
    lines: tuple[queue.ConversationLine, ...]
    unsent: int
    region_code: str
    employer: str
    """The employer that the person named, or that of the posting."""
    posting: str
    preference: str
    """The job preference that the person agreed to show counsellors; empty without one."""
    person_id: int | None
    """The person of the office's record, if the seeker has joined it and it is in the area."""
    result_note: str
    colleagues: tuple[tuple[int, str], ...]
    """Who else may be given the ticket."""


def page(db: Session, me: Staff, name: str, region: str = "", after: str = "") -> TicketPage:
    """Return a list of tickets: the gravest first, then the oldest; closed ones newest first.

    `region` narrows by a code; raises NotPermitted.
    """
    me.need(TICKETS)
    conditions = [visible(me, Ticket, TICKETS), _listed(me, name)]
    if region:
        conditions.append(within(Ticket.region_code, area_of_region(region)))
    query = select(Ticket).limit(PAGE + 1)
    if name == "closed":
        number = int(after) if after.isdigit() and len(after) < 10 else 0
        conditions += [Ticket.id < number] if number else []
        query = query.order_by(Ticket.id.desc())
    else:
        conditions += _beyond(after)
        query = query.order_by(_gravity_rank, Ticket.opened_at, Ticket.id)
    tickets = db.scalars(query.where(*conditions)).all()
    shown = list(tickets[:PAGE])
    more = len(tickets) > PAGE
    return TicketPage(tuple(_rows(db, me, shown)), _mark(name, shown[-1]) if more else "")


def waiting_count(db: Session, me: Staff) -> int:
    """Return how many tickets of one's areas wait; 0 for who answers none."""
    condition = and_(visible(me, Ticket, TICKETS), Ticket.state == "open")
    return db.scalar(select(func.count()).select_from(Ticket).where(condition)) or 0


def view(db: Session, me: Staff, number: int) -> TicketCard:
    """Return a ticket with its talk; the look is logged. Raises NotVisible, NotPermitted.

    Of a colleague's ticket, and of one closed before today, there are no lines.
    """
    ticket: Ticket = get(db, me, Ticket, number, TICKETS)
    row = _rows(db, me, [ticket])[0]
    talk = queue.talk(db, account_of(db, me), number) if row.readable else None
    posting, employer = _posting(db, ticket)
    card = TicketCard(
        row, talk.said if talk else (), talk.unsent if talk else 0, ticket.region_code or "",
        (ticket.employer if row.readable else "") or employer, posting,
        _preference(db, ticket) if row.readable else "", person_of(db, me, ticket),
        ticket.result_note if row.readable else "", _colleagues(db, ticket),
    )  # fmt: skip
    log_step(db, me, "view", ticket)
    return card


def account_of(db: Session, me: Staff) -> Account:
    """Return a member's account, by which seekers are answered. Raises NotPermitted once closed."""
    account = by_id(db, me.id)
    if account is None:
        raise NotPermitted
    return account


def desk_scope(db: Session, counsellor_id: int) -> ColumnElement[bool] | None:
    """Return the condition of the tickets that an account sees at /desk/; None for all of them.

    An account with roles sees those of its areas; one without any, as `desk add` makes it, is of a
    desk without areas.
    """
    me = staff(db, counsellor_id)
    return visible(me, Ticket, TICKETS) if me is not None and me.grants else None


def check_desk_scope(db: Session, counsellor_id: int, number: int) -> None:
    """Raise NoSuchTicket for a ticket that an account does not see at /desk/."""
    scope = desk_scope(db, counsellor_id)
    query = select(Ticket.id).where(Ticket.id == number)
    if scope is not None and db.scalar(query.where(scope)) is None:
        raise NoSuchTicket(number)


def _listed(me: Staff, name: str) -> ColumnElement[bool]:
    if name == "mine":
        return and_(Ticket.state == "taken", Ticket.taken_by == me.id)
    if name == "colleagues":
        return and_(Ticket.state == "taken", Ticket.taken_by != me.id)
    return bool_column(Ticket.state == ("closed" if name == "closed" else "open"))


def _mark(name: str, ticket: Ticket) -> str:
    if name == "closed":
        return str(ticket.id)
    rank = GRAVITY.index(ticket.reason) if ticket.reason in GRAVITY else len(GRAVITY)  # type: ignore[arg-type]
    return f"{rank}|{ticket.opened_at.isoformat()}|{ticket.id}"


def _beyond(after: str) -> list[ColumnElement[bool]]:
    """Return the condition of the rows after a page's mark; nothing for what is no mark."""
    rank, _, rest = after.partition("|")
    moment, _, number = rest.partition("|")
    try:
        graver, opened, last = int(rank), datetime.fromisoformat(moment), int(number)
        clock.aware(opened)
    except ValueError:
        return []
    later = or_(
        Ticket.opened_at > opened, and_(Ticket.opened_at == opened, Ticket.id > last)
    )  # fmt: skip
    return [or_(_gravity_rank > graver, and_(_gravity_rank == graver, later))]


def _rows(db: Session, me: Staff, tickets: list[Ticket]) -> list[TicketRow]:
    now = clock.now()
    names = _names(db, {ticket.taken_by for ticket in tickets if ticket.taken_by})
    places = {code: name_of(db, area_of_region(code)) for code in
              {ticket.region_code for ticket in tickets if ticket.region_code}}  # fmt: skip
    may_read = set(
        db.scalars(
            select(Ticket.id).where(
                Ticket.id.in_([ticket.id for ticket in tickets]), queue.readable(me.id)
            )
        )
    )
    rows = []
    for ticket in tickets:
        deadline = _deadline(db, ticket) if ticket.state == "open" else None
        rows.append(
            TicketRow(
                ticket.id, queue.REASONS.get(ticket.reason, ticket.reason),
                ticket.reason in GRAVITY[:3], queue.CHANNELS.get(ticket.channel, ticket.channel),
                places.get(ticket.region_code or "", ""), ticket.state, ticket.opened_at, deadline,
                deadline is not None and deadline.is_set and deadline.at < now,
                names.get(ticket.taken_by or 0, ""), ticket.taken_by == me.id,
                ticket.id in may_read, RESULTS.get(ticket.result, ""),
            )
        )  # fmt: skip
    return rows


def _deadline(db: Session, ticket: Ticket) -> Deadline:
    """Return until when somebody should take a ticket, in office hours; unset without a figure."""
    opened = ticket.opened_at
    area = area_of_region(ticket.region_code or settings().home_region)
    minutes = figure(db, "handoff_minutes", area, opened.date())
    if minutes is None:
        return Deadline(opened, "", is_set=False)
    span = timedelta(minutes=minutes.number)
    return Deadline(office_hours().after(opened, span), minutes.citation)


def _names(db: Session, numbers: set[int]) -> dict[int, str]:
    rows = select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(numbers))
    return dict(db.execute(rows).tuples().all())


def _colleagues(db: Session, ticket: Ticket) -> tuple[tuple[int, str], ...]:
    those = set(serving(db, TICKETS, ticket.region_code)) - {ticket.taken_by}
    names = _names(db, {number for number in those if number is not None})
    return tuple(sorted(names.items(), key=lambda pair: pair[1]))


def _posting(db: Session, ticket: Ticket) -> tuple[str, str]:
    """Return title and employer of the posting that a ticket is about."""
    if ticket.posting_id is None:
        return "", ""
    query = (
        select(Posting.title, Employer.name)
        .join(Employer, Employer.id == Posting.employer_id)
        .where(Posting.id == ticket.posting_id)
    )
    row = db.execute(query).tuples().one_or_none()
    return row or ("", "")


def _preference(db: Session, ticket: Ticket) -> str:
    if ticket.seeker_id is None or not agrees(db, ticket.seeker_id, "counsel"):
        return ""
    row = db.scalar(
        select(JobPreferenceRow).where(
            JobPreferenceRow.seeker_id == ticket.seeker_id,
            JobPreferenceRow.expires_on >= clock.today(),
        )
    )
    return describe_preference(from_row(row)) if row is not None else ""


def person_of(db: Session, me: Staff, ticket: Ticket) -> int | None:
    """Return the person of the record whom a ticket's seeker has joined, if in the areas."""
    if ticket.seeker_id is None:
        return None
    query = select(Person.id).where(
        Person.id.in_(persons_of(db, ticket.seeker_id)), visible(me, Person, PEOPLE)
    )
    return db.scalar(query.order_by(Person.id).limit(1))


def log_step(
    db: Session, me: Staff, action: str, ticket: Ticket,
    before: Mapping[str, object] | None = None, after: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    """Append a step on a ticket to the log of looks."""
    kind, scope = "ticket", ticket.region_code or ""
    actor = f"counsellor:{me.id}"
    append(db, Action(actor, action, kind, PURPOSE, str(ticket.id), scope, before, after))
