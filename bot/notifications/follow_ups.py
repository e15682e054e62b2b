"""Following up: 3, 15 and 30 days after a push one short question, and once a month one.

The monthly contact is that of registered unemployed persons
(data/policies/job-contact-service.yml). Refusing and silence are counted, for a counsellor; they
end nothing and remove no person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.session import session
from bot.db.tables import FollowUp, MonthlyContact, Posting, SeekerState
from bot.db.upsert import add_missing
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.quiet_hours import QuietHours, may_push
from bot.delivery.receipts import record_answer
from bot.fixed_replies import reply
from bot.handoff.tickets import Case, Line, open_ticket
from bot.messages import Message
from bot.seekers.identity import find_seeker
from bot.settings import settings
from bot.subscriptions.service import address_of, agreed_to_push, pause
from bot.understanding.follow_up_answers import FollowUpAnswer, Question, question_for
from bot.understanding.named_employer import named_employer

#: Days after a push on which is asked.
STEPS = (3, 15, 30)
#: Days that lie between two questions to one person at least.
MIN_INTERVAL = timedelta(days=2)
#: The day of the month from which on no question is asked, so that every month has it.
LAST_DAY = 28


@dataclass(frozen=True)
class RecordedAnswer:
    """Effects of a recorded answer."""

    is_known_seeker: bool = False
    """True when the person is a known seeker: only then anything is kept."""
    paused: bool = False
    """True when the subscriptions are paused, since the person has work."""
    handed_off: bool = False
    """True when a counsellor is to look into it."""


def schedule(
    db: Session, seeker_id: int, channel: str, posting_id: int, day: date, anew: bool = False
) -> int:
    """Plan the questions after a push or a saved posting; return how many are new.

    One series at a time: while one runs another push plans nothing, and a posting that the person
    looked at (`anew`) takes its place.
    """
    ahead = (
        FollowUp.seeker_id == seeker_id,
        FollowUp.kind == "follow_up",
        FollowUp.asked_at.is_(None),
    )
    if anew:
        db.execute(delete(FollowUp).where(*ahead))
    elif db.scalar(select(FollowUp.id).where(*ahead).limit(1)) is not None:
        return 0
    rows = [
        {
            "seeker_id": seeker_id,
            "channel": channel,
            "kind": "follow_up",
            "posting_id": posting_id,
            "step": step,
            "due_on": day + timedelta(days=step),
        }
        for step in STEPS
    ]
    return add_missing(db, FollowUp, rows, ("seeker_id", "kind", "due_on"))


def enrol(db: Session, seeker_id: int, channel: str, day: date) -> bool:
    """Begin the monthly contact of a registered unemployed person; False when it runs already."""
    row = {"seeker_id": seeker_id, "channel": channel, "since": day, "refusals": 0, "unanswered": 0}
    return bool(add_missing(db, MonthlyContact, [row], ("seeker_id",)))


def plan_monthly(db: Session, today: date) -> int:
    """Plan this month's question of everybody in monthly contact; return how many are new."""
    first = today.replace(day=1)
    planned = exists().where(
        FollowUp.seeker_id == MonthlyContact.seeker_id,
        FollowUp.kind == "monthly_contact",
        FollowUp.due_on >= first,
    )
    contacts = db.scalars(select(MonthlyContact).where(MonthlyContact.since < first, ~planned))
    rows = [
        {
            "seeker_id": contact.seeker_id,
            "channel": contact.channel,
            "kind": "monthly_contact",
            "step": 0,
            "due_on": first.replace(day=min(contact.since.day, LAST_DAY)),
        }
        for contact in contacts
    ]
    return add_missing(db, FollowUp, rows, ("seeker_id", "kind", "due_on"))


def ask_all(url: str, now: datetime, hours: QuietHours) -> int:
    """Put the questions that are due into the outbox, each in its own transaction."""
    if not may_push(now, hours):
        return 0
    due = select(FollowUp.id).where(FollowUp.asked_at.is_(None), FollowUp.due_on <= now.date())
    with session(url) as db:
        plan_monthly(db, now.date())
        waiting = db.scalars(due.order_by(FollowUp.due_on, FollowUp.id)).all()
    count = 0
    for number in waiting:
        with session(url) as db:
            locked = select(FollowUp).where(FollowUp.id == number, FollowUp.asked_at.is_(None))
            follow_up = db.scalar(locked.with_for_update(skip_locked=True))
            count += follow_up is not None and ask(db, follow_up, now)
    return count


def ask(db: Session, due: FollowUp, now: datetime) -> bool:
    """Put one question into the outbox; False when it is not asked now.

    A person who withdrew the consent to be written to is not asked; a counsellor sees it as open.
    A second question within two days waits.
    """
    if _was_asked_recently(db, due.seeker_id, now):
        return False
    address = address_of(db, due.seeker_id, due.channel)
    due.asked_at = now
    if not address or not agreed_to_push(db, due.seeker_id, due.channel):
        due.answer = "not_asked"
        return False
    _count_silence(db, due)
    question_name = question_for(due.step, state_of(db, due.seeker_id))
    pending = {"follow_up": due.id, "question": question_name}
    draft = DeliveryDraft(
        key=f"{due.kind}:{due.id}",
        channel=due.channel,
        address=address,
        kind=due.kind,
        message=question(db, question_name, due.posting_id),
        seeker_id=due.seeker_id,
        slots={"asked": "follow_up", "pending": pending, "form": None},
    )
    return put(db, draft, now) is not None


def question(db: Session, question_name: Question, posting_id: int | None) -> Message:
    """Return a question as a message; it names the posting it is about."""
    posting = db.get(Posting, posting_id) if posting_id else None
    name = "went_somewhere" if question_name == "went" and posting is None else question_name
    template = reply(f"ask_{name}", "follow_up")
    return replace(template, text=template.text.format(posting=posting.title if posting else ""))


def state_of(db: Session, seeker_id: int) -> str | None:
    """Return the state that a seeker reported last; None when there is none."""
    query = select(SeekerState.state).where(SeekerState.seeker_id == seeker_id)
    return db.scalar(query.order_by(SeekerState.told_at.desc(), SeekerState.id.desc()).limit(1))


def note_answer(
    db: Session, channel: str, address: str, parsed: FollowUpAnswer, follow_up_id: int | None,
    conversation: Sequence[Line] = (),
) -> RecordedAnswer:  # fmt: skip
    """Record a known seeker's answer: the state, a hand-off, and that the question is answered.

    `conversation` holds the lines so far, for the counsellor it is handed to.

    Nothing is recorded of a person without a record.
    """
    seeker, now = find_seeker(db, channel, address), clock.now()
    if seeker is None:
        return RecordedAnswer()
    follow_up = _question_of(db, seeker.id, follow_up_id)
    if follow_up is not None:
        follow_up.answered_at, follow_up.answer = now, parsed.state
    record_answer(db, seeker.id, channel, now)
    _count_answer(db, seeker.id, follow_up, parsed)
    if parsed.state == "refused":
        return RecordedAnswer(is_known_seeker=True)
    posting = follow_up.posting_id if follow_up else None
    columns = {"seeker_id": seeker.id, "posting_id": posting}
    db.add(SeekerState(state=parsed.state, told_at=now, **columns))
    if parsed.state == "unpaid" or parsed.state == "fraud":
        region, employer = _place_and_employer(db, posting, conversation)
        open_ticket(
            db, Case(channel, address, parsed.state, conversation, posting, region, employer)
        )
    paused = pause(db, seeker.id) if parsed.state == "working" else 0
    db.flush()
    return RecordedAnswer(True, bool(paused), parsed.state in ("unpaid", "fraud"))


def _place_and_employer(
    db: Session, posting_id: int | None, conversation: Sequence[Line]
) -> tuple[str | None, str]:
    """Return region and employer of a hand-off: those of the posting, or the employer named."""
    posting = db.get(Posting, posting_id) if posting_id else None
    named = named_employer(line.text for line in conversation if line.sender == "seeker")
    if posting is None:
        return None, named
    code, home = posting.region_code, settings().home_region
    return code if code and code[:2] == home[:2] else None, named or posting.employer.name


def note_interest(db: Session, channel: str, address: str, posting_id: int) -> bool:
    """Record that a seeker looked at a pushed posting: later questions are about it."""
    seeker = find_seeker(db, channel, address)
    if seeker is None or record_answer(db, seeker.id, channel, clock.now()) is None:
        return False
    return bool(schedule(db, seeker.id, channel, posting_id, clock.today(), anew=True))


def _was_asked_recently(db: Session, seeker_id: int, now: datetime) -> bool:
    lately = select(FollowUp.id).where(
        FollowUp.seeker_id == seeker_id, FollowUp.asked_at > now - MIN_INTERVAL
    )
    return db.scalar(lately.limit(1)) is not None


def _question_of(db: Session, seeker_id: int, follow_up_id: int | None) -> FollowUp | None:
    """Return the question that is answered: the one named, else the last one without an answer."""
    if follow_up_id is not None:
        due = db.get(FollowUp, follow_up_id)
        return due if due is not None and due.seeker_id == seeker_id else None
    query = select(FollowUp).where(
        FollowUp.seeker_id == seeker_id,
        FollowUp.asked_at.is_not(None),
        FollowUp.answered_at.is_(None),
        FollowUp.answer.is_(None),
    )
    return db.scalar(query.order_by(FollowUp.asked_at.desc()).limit(1))


def _count_silence(db: Session, due: FollowUp) -> None:
    """Count last month's question as unanswered, for the counsellor's list."""
    if due.kind != "monthly_contact":
        return
    silent = exists().where(
        FollowUp.seeker_id == due.seeker_id,
        FollowUp.kind == "monthly_contact",
        FollowUp.asked_at.is_not(None),
        FollowUp.answered_at.is_(None),
        FollowUp.id != due.id,
        FollowUp.due_on >= due.due_on - timedelta(days=31),
    )
    contact = update(MonthlyContact).where(MonthlyContact.seeker_id == due.seeker_id, silent)
    db.execute(contact.values(unanswered=MonthlyContact.unanswered + 1))


def _count_answer(
    db: Session, seeker_id: int, due: FollowUp | None, parsed: FollowUpAnswer
) -> None:
    if due is None or due.kind != "monthly_contact":
        return
    contact = update(MonthlyContact).where(MonthlyContact.seeker_id == seeker_id)
    if parsed.state == "refused":
        db.execute(contact.values(refusals=MonthlyContact.refusals + 1))
    else:
        db.execute(contact.values(refusals=0, unanswered=0))
