"""The promise of work within hours for who takes any (失业人员不挑不拣24小时实现就业承诺制).

辽人社建〔2025〕21号 二(五) names the hours; whether they are the office's and when they begin is
set by no paper that we have, so that nothing begins before the place has set it (`promise_clock`,
`promise_start`). The deadline is computed when the clock begins, and stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.duty_store import figure, needed
from bot.casework.errors import WrongState
from bot.casework.matching import Suggestion, suggestions
from bot.casework.placements import claim
from bot.casework.registrations import current
from bot.casework.roles import PLANS, Staff
from bot.casework.scope import get, visible
from bot.casework.tasks import Deadline, finish_all, make
from bot.db.tables import Person, Posting, Promise, PromiseOffer
from bot.handoff.office_hours import OfficeHours, office_hours
from bot.wording import wording

_SAY = wording("casework")

STATES = {
    "running": "进行中", "accepted": "已接受岗位", "working": "已上岗", "missed": "没兑现",
    "remedied": "已补救", "withdrawn": "已撤回",
}  # fmt: skip
CLOCKS = {"wall": "连续小时", "office": "工作时间"}
STARTS = {"asked": "本人提出时", "agreed": "双方确认时"}


@dataclass(frozen=True)
class OfferLine:
    """A posting of a promise, with what was answered."""

    posting_id: int | None
    title: str
    at: datetime
    answer: str
    """Empty, accepted or refused."""
    reason: str


@dataclass(frozen=True)
class PromiseCard:
    """A promise as its page shows it."""

    id: int
    person_id: int
    wording: str
    state: str
    state_code: str
    started_at: datetime
    deadline: datetime
    left: str
    """How much is left in words; empty when it is over."""
    offers: tuple[OfferLine, ...]
    remedy: str


def deadline(started: datetime, hours: int, kind: str, office: OfficeHours) -> datetime:
    """Return the end of some hours: of the wall's, or of the office's over breaks and holidays."""
    span = timedelta(hours=hours)
    return started + span if kind == "wall" else office.after(started, span)


def start(db: Session, me: Staff, person_id: int, asked_at: datetime | None = None) -> Promise:
    """Begin a promise for a registered person, by the figures of their place.

    `asked_at` is the moment of the request, for places where the hours begin then.
    Raises NotVisible, DutyUnset, WrongState.
    """
    person: Person = get(db, me, Person, person_id, PLANS)
    registration = current(db, person.id)
    if registration is None:
        raise WrongState(_SAY("promise_needs_registration"))
    if db.scalar(_running(person.id)) is not None:
        raise WrongState(_SAY("promise_running"))
    area, today = person.region_code, clock.today()
    hours = needed(db, "promise_hours", "承诺小时数", area, today)
    kind = needed(db, "promise_clock", "承诺小时怎么数", area, today).value
    begins = needed(db, "promise_start", "承诺从何时起数", area, today).value
    now = clock.now()
    started = asked_at if begins == "asked" and asked_at is not None else now
    if started > now:
        raise WrongState(_SAY("request_in_future"))
    ends = deadline(started, hours.number, kind, office_hours())
    made = Promise(
        person_id=person.id, wording=_wording(hours.number, kind, begins, hours.citation),
        clock=kind, hours=hours.number, started_at=started, deadline=ends, state="running",
        remedy="", counsellor_id=me.id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    make(db, f"promise:{made.id}", "promise", person, Deadline(ends, hours.citation), made.id)
    call = figure(db, "promise_call_after_hours", area, today)
    if call is not None:
        call_deadline = Deadline(
            deadline(started, call.number, kind, office_hours()), call.citation
        )
        make(db, f"promise_call:{made.id}", "promise_call", person, call_deadline, made.id)
    first = figure(db, "promise_first_offers", area, today)
    for suggestion in suggestions(db, person, limit=first.number) if first else ():
        offer(db, me, made.id, suggestion.posting_id, "phone")
    return made


def offer(db: Session, me: Staff, number: int, posting_id: int, way: str) -> PromiseOffer:
    """Offer an open posting. Raises NotVisible, WrongState."""
    promise = _open(db, me, number)
    posting = db.get(Posting, posting_id)
    if posting is None or posting.status != "open":
        raise WrongState(_SAY("posting_not_open"))
    person = db.get_one(Person, promise.person_id)
    fresh = figure(db, "posting_verified_days", person.region_code, clock.today())
    imported_at = clock.aware(posting.imported_at)
    if fresh is not None and imported_at < clock.now() - timedelta(days=fresh.number):
        raise WrongState(_SAY("posting_not_verified", days=fresh.number, citation=fresh.citation))
    if any(line.posting_id == posting_id for line in _offers(db, number)):
        raise WrongState(_SAY("posting_offered_already"))
    made = _line(db, me, promise, posting.id, posting.title, way)
    promise.first_offer_at = promise.first_offer_at or clock.now()
    db.flush()
    return made


def answer(
    db: Session, me: Staff, number: int, posting_id: int, accepted: bool, reason: str = ""
) -> PromiseOffer:
    """Keep what a person answered to an offer; accepted, a placement is claimed.

    Raises NotVisible, WrongState.
    """
    promise = _open(db, me, number)
    lines = [line for line in _offers(db, number) if line.posting_id == posting_id]
    if not lines or any(line.answer for line in lines):
        raise WrongState(_SAY("posting_not_offered"))
    if not accepted and not reason.strip():
        raise WrongState(_SAY("refusal_reason_missing"))
    made = _line(
        db, me, promise, posting_id, lines[0].title, lines[0].way,
        "accepted" if accepted else "refused", reason,
    )  # fmt: skip
    if accepted:
        promise.state, promise.closed_at = "accepted", clock.now()
        posting = db.get(Posting, posting_id)
        employer = posting.employer.name if posting else lines[0].title
        claim(db, me, promise.person_id, employer, clock.today(), "told", posting_id)
        _finish(db, promise, me.id, "接受岗位")
    db.flush()
    return made


def mark_working(db: Session, me: Staff, number: int) -> Promise:
    """Keep that the accepted work has begun. Raises NotVisible, WrongState."""
    promise: Promise = get(db, me, Promise, number, PLANS, lock=True)
    if promise.state != "accepted":
        raise WrongState(_SAY("posting_not_accepted"))
    promise.state = "working"
    db.flush()
    return promise


def withdraw(db: Session, me: Staff, number: int, reason: str) -> Promise:
    """End a promise at the person's own wish. Raises NotVisible, WrongState."""
    promise = _open(db, me, number)
    if not reason.strip():
        raise WrongState(_SAY("withdrawal_reason_missing"))
    promise.state, promise.remedy, promise.closed_at = "withdrawn", reason.strip(), clock.now()
    _finish(db, promise, me.id, "本人撤回")
    return promise


def remedy(db: Session, me: Staff, number: int, note: str) -> Promise:
    """Keep what was done after a promise was missed. Raises NotVisible, WrongState."""
    promise: Promise = get(db, me, Promise, number, PLANS, lock=True)
    if promise.state != "missed":
        raise WrongState(_SAY("promise_not_overdue"))
    if not note.strip():
        raise WrongState(_SAY("remedy_missing"))
    promise.state, promise.remedy = "remedied", note.strip()
    db.flush()
    finish_all(db, "promise_missed", promise.id, me.id, "已补救")
    return promise


def mark_missed(db: Session, now: datetime) -> int:
    """Mark promises past their deadline as missed; a task of the district asks for the remedy."""
    query = select(Promise).where(Promise.state == "running", Promise.deadline <= now)
    late = db.scalars(query.with_for_update(skip_locked=True)).all()
    for promise in late:
        promise.state, promise.closed_at = "missed", now
        _finish(db, promise, None, "没有兑现")
        person = db.get_one(Person, promise.person_id)
        due = Deadline(now, _SAY("promise_missed_rule"), is_set=False)
        make(db, f"promise_missed:{promise.id}", "promise_missed", person, due, promise.id)
    db.flush()
    return len(late)


def cards(db: Session, me: Staff, person_id: int) -> list[PromiseCard]:
    """Return a person's promises, the newest first."""
    query = select(Promise).where(Promise.person_id == person_id, visible(me, Promise))
    return [_card(db, promise) for promise in db.scalars(query.order_by(Promise.id.desc()))]


def next_offers(db: Session, me: Staff, number: int) -> list[Suggestion]:
    """Return postings that were not offered yet. Raises NotVisible."""
    promise: Promise = get(db, me, Promise, number, PLANS)
    had = {line.posting_id for line in _offers(db, number) if line.posting_id}
    return suggestions(db, db.get_one(Person, promise.person_id), had)


def left_in_words(promise: Promise, now: datetime, office: OfficeHours) -> str:
    """Return how much of a running promise is left: 还剩6小时20分."""
    if promise.state != "running" or promise.deadline <= now:
        return ""
    span = promise.deadline - now
    if promise.clock == "office":
        span = office.between(now, promise.deadline)
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return _SAY("promise_time_left", hours=hours, minutes=minutes, clock=CLOCKS[promise.clock])


def _card(db: Session, promise: Promise) -> PromiseCard:
    lines = _offers(db, promise.id)
    answers = {line.posting_id: line for line in lines if line.answer}
    offers = []
    for line in lines:
        if line.answer:
            continue
        reply = answers.get(line.posting_id)
        offers.append(
            OfferLine(
                line.posting_id, line.title, line.at, (reply.answer or "") if reply else "",
                reply.reason if reply else "",
            )
        )  # fmt: skip
    return PromiseCard(
        promise.id, promise.person_id, promise.wording, STATES[promise.state], promise.state,
        promise.started_at, promise.deadline,
        left_in_words(promise, clock.now(), office_hours()), tuple(offers), promise.remedy,
    )  # fmt: skip


def _wording(hours: int, kind: str, begins: str, citation: str) -> str:
    return _SAY(
        "promise_wording", start=STARTS[begins], hours=hours, clock=CLOCKS[kind], citation=citation
    )


def _running(person_id: int) -> Select[tuple[int]]:
    return select(Promise.id).where(Promise.person_id == person_id, Promise.state == "running")


def _open(db: Session, me: Staff, number: int) -> Promise:
    promise: Promise = get(db, me, Promise, number, PLANS, lock=True)
    if promise.state != "running":
        raise WrongState(_SAY("promise_state_wrong", state=STATES[promise.state]))
    return promise


def _offers(db: Session, number: int) -> list[PromiseOffer]:
    query = select(PromiseOffer).where(PromiseOffer.promise_id == number)
    return list(db.scalars(query.order_by(PromiseOffer.id)))


def _line(
    db: Session, me: Staff, promise: Promise, posting_id: int, title: str, way: str,
    reply: str | None = None, reason: str = "",
) -> PromiseOffer:  # fmt: skip
    made = PromiseOffer(
        promise_id=promise.id, posting_id=posting_id, title=title[:120], way=way, answer=reply,
        reason=reason.strip()[:200], counsellor_id=me.id, at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _finish(db: Session, promise: Promise, counsellor_id: int | None, result: str) -> None:
    for kind in ("promise", "promise_call"):
        finish_all(db, kind, promise.id, counsellor_id, result)
