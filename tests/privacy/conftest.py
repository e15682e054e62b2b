"""A whole person: something of hers in every table that keeps something of seekers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, select

from bot import clock
from bot.clock import CHINA
from bot.db.session import Session, session
from bot.db.tables import (
    Counsellor,
    Course,
    Delivery,
    Fair,
    FairSignup,
    LinkAttempt,
    Person,
    PersonLink,
    SeekerState,
    Subscription,
    SubscriptionMatch,
)
from bot.delivery.outbox import DeliveryDraft, put
from bot.delivery.receipts import record_provider_id
from bot.handoff.tickets import Case, Line, open_ticket
from bot.matching.job_preference import JobPreference
from bot.messages import Message
from bot.messaging import (
    deduplication,
    event_log,
    inbox_table,
    reply_choices,
    send_log,
    web_history,
)
from bot.messaging.incoming import Incoming
from bot.notifications import new_courses
from bot.notifications.follow_ups import enrol, schedule
from bot.notifications.new_courses import CourseNeed
from bot.postings.screening.user_reports import report_posting
from bot.privacy.register import register
from bot.privacy.rows import table_of
from bot.seekers import account_linking, posting_notes
from bot.seekers.identity import seeker_of
from bot.subscriptions.service import subscribe
from tests.factories import make_posting, saved

#: When all of it was said.
SAID = datetime(2026, 11, 24, 10, tzinfo=CHINA)
WISH = JobPreference(("保安员",), region_code="210100", salary_min=3000)
PHONE, WEB = "+8613842310975", "web-Zq3mW8xT2nB7vK5c"


@dataclass
class WholePerson:
    """Somebody on two channels."""

    url: str
    phone: str
    web: str
    number: int
    """Of the seeker."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What would lead to the person."""
        return (self.phone, self.phone.removeprefix("+86"), self.web)


def everything_of(
    url: str, phone: str = PHONE, web: str = WEB, secret: str = "人民路三号楼"
) -> WholePerson:
    """Keep something of a person in every table; `secret` is what only that person said."""
    with clock.frozen(SAID), session(url) as db:
        posting = saved(db, make_posting(imported_at=SAID)).id
        number = subscribe(db, "web", web, WISH, "daily", f"我会记下：保安员，住{secret}").seeker_id
        code = account_linking.make_code(db, b"s", "web", web)
        account_linking.redeem_code(db, b"s", code, "sms", phone)
        seeker = seeker_of(db, "sms", phone)
        assert seeker.id == number
        enrol(db, number, "sms", SAID.date())
        schedule(db, number, "sms", posting, SAID.date())
        db.add(SeekerState(seeker_id=number, state="looking", told_at=SAID))
        db.add(LinkAttempt(channel="sms", address=phone, made_at=SAID))
        posting_notes.save(db, "web", web, posting, f"收藏，{secret}")
        report_posting(db, posting, f"收押金，在{secret}", number)
        subscription = db.scalar(select(Subscription.id).where(Subscription.seeker_id == number))
        assert subscription is not None
        db.add(
            SubscriptionMatch(
                subscription_id=subscription,
                posting_id=posting,
                score=1.0,
                reasons=secret,
                found_at=SAID,
            )
        )
        _goes_to_a_fair(db, number, web)
        _sent(db, number, phone, posting, secret)
        _said(db, phone, web, secret)
        case = Case("sms", phone, "asked", [Line("seeker", f"我住{secret}")])
        open_ticket(db, case)
        _linked(db, number)
    return WholePerson(url, phone, web, number)


def _goes_to_a_fair(db: Session, number: int, web: str) -> None:
    fair = Fair(
        key=f"f{number}", title="招聘会", region_code="210106", kind="fair", starts_at=SAID, ends_at=SAID,
        last_on=SAID.date(),
    )  # fmt: skip
    course = Course(
        key=f"c{number}", title="焊工班", provider="乙校", trade="电焊", region_code="210106",
        occupation_name="焊工", starts_on=SAID.date(),
    )  # fmt: skip
    saved(db, course)
    need = CourseNeed("焊工", "210100")
    new_courses.subscribe(db, "web", web, need, "我会记下")
    signup = FairSignup(
        seeker_id=number, channel="web", fair_id=saved(db, fair).id, takes_place_on=SAID.date(),
        state="waiting", remind_at=SAID, signed_up_at=SAID,
    )  # fmt: skip
    db.add(signup)


def _linked(db: Session, seeker: int) -> None:
    """The office's record of the same person, joined by a code."""
    about = {"region_code": "210106", "district_code": "210106", "source": "desk"}
    person = Person(name_sealed="", name_digest="", as_of=SAID.date(), created_at=SAID, **about)
    staff = Counsellor(name=f"王老师{seeker}", password_hash="x", created_at=SAID)
    db.add_all([person, staff])
    db.flush()
    dated = {"proposed_at": SAID, "expires_at": SAID, "confirmed_at": SAID}
    db.add(
        PersonLink(
            person_id=person.id, seeker_id=seeker, state="confirmed", code_digest="",
            proposed_by=staff.id, **dated,
        )
    )  # fmt: skip


def _sent(db: Session, number: int, phone: str, posting: int, secret: str) -> None:
    from bot.db.tables import DeliveryPosting

    draft = DeliveryDraft(
        f"follow_up:{phone}", "sms", phone, "follow_up", Message(text=secret), number
    )
    made = put(db, draft, SAID)
    assert made is not None
    db.add(DeliveryPosting(seeker_id=number, posting_id=posting, delivery_id=made, position=1))
    record_provider_id(db, made, f"jiuye:{made}")
    send_log.record(db, "sms", f"jiuye:{made}", "delivered")
    delivery = db.get_one(Delivery, made)
    delivery.state = "sent"


def _said(db: Session, phone: str, web: str, secret: str) -> None:
    for who in (phone, web):
        events = [
            {"event": "user", "text": f"我住{secret}", "timestamp": SAID.timestamp()},
            {"event": "bot", "text": "好", "timestamp": SAID.timestamp()},
        ]
        event_log.add(db.connection(), who, events)
        event_log.begin_after(db.connection(), who, 0, {"region": secret})
    reply_choices.save_choices(db, "sms", phone, [(secret, secret)], secret)
    deduplication.mark_seen(db, "web", f"said:{web}:m1")
    inbox_table.take_in(db, [Incoming("web", web, f"{web}:m2", secret)], "holder")
    answer = {"from": "bot", "message": {"act": "policy", "topics": ["loan"], "text": secret}}
    [kept] = web_history.save_messages(db, web, [answer])
    web_history.save_vote(db, web, kept["seq"], "up")


def counts(url: str) -> dict[str, int]:
    """How many rows each table with something of seekers has."""
    with session(url) as db:
        return {
            entry.name: db.scalar(select(func.count()).select_from(table_of(entry.name))) or 0
            for entry in register().of_seekers()
        }


@pytest.fixture
def whole(here: str) -> WholePerson:
    """Somebody of whom everything is kept that can be."""
    return everything_of(here)
