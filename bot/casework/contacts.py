"""Contacts with people: the tasks of the month, the outcome of each try, and people covered.

A person is covered when reached or when they refuse; an unanswered call does not cover them.
Refusals and silence lead to a manual review, never to an exit (辽人社建〔2025〕21号 二(一)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, and_, case, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.areas import children, names_of
from bot.casework.duty_store import EffectiveDutyFigure, figure
from bot.casework.errors import WrongState
from bot.casework.registrations import current, note_forbidden
from bot.casework.roles import NUMBERS, Staff
from bot.casework.scope import get, visible, within
from bot.casework.tasks import UNDONE, Deadline, end_of_day, finish, make
from bot.clock import CHINA
from bot.db.tables import (
    Contact,
    ContactWish,
    Need,
    Person,
    Registration,
    RegistrationEvent,
    Task,
)
from bot.wording import wording

_SAY = wording("casework")

OUTCOMES = {
    "reached": "联系上了", "refused": "本人不愿说", "no_answer": "没人接", "not_now": "现在不方便",
    "wrong_number": "号码不对", "moved": "搬走了",
}  # fmt: skip
WAYS = {"phone": "电话", "visit": "上门", "sms": "短信", "wechat": "微信", "web": "网页"}
WISHES = {**WAYS, "none": "不要联系"}
NEED_KINDS = {"job": "找工作", "training": "学技能", "startup": "自己创业", "aid": "家里困难"}
#: Outcomes by which a person is covered.
COVERING = ("reached", "refused")


@dataclass(frozen=True)
class MonthlyRun:
    """Tasks and reviews made for a month."""

    tasks: int
    without_figure: int
    """Registrations in districts where the figure is unset."""
    reviews: int
    """Tasks of manual review for those out of reach."""


@dataclass(frozen=True)
class NewNeed:
    """A need seen at a contact."""

    kind: str
    detail: str


@dataclass(frozen=True)
class ContactCoverage:
    """Progress of the contacts of a month in an area."""

    area: str
    name: str
    due: int
    reached: int
    refused: int
    tried: int
    """Tried without being covered."""
    untouched: int


def month_of(day: date) -> str:
    """Return the month of a day: 2026-12."""
    return f"{day:%Y-%m}"


def make_monthly_tasks(db: Session, day: date) -> MonthlyRun:
    """Make the contact tasks of the month of a day: twice is as once.

    Each active registration gets as many as the figure contacts_a_month says for its district,
    due at the ends of equal parts of the month.
    """
    districts = db.scalars(
        select(Person.district_code)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.state == "active")
        .distinct()
    ).all()
    made = without = 0
    for district in districts:
        quota = figure(db, "contacts_a_month", district, day)
        if quota is None:
            without += _active_in(db, district)
            continue
        for part in range(1, quota.number + 1):
            made += _make_part(db, district, day, part, quota)
    return MonthlyRun(made, without, _review_silent(db, day))


def record(
    db: Session, me: Staff, person_id: int, way: str, outcome: str, note: str = "",
    task_id: int | None = None, needs: Sequence[NewNeed] = (),
) -> Contact:  # fmt: skip
    """Store the outcome of a contact, close its task when the person is covered, follow up.

    Raises NotVisible and WrongState.
    """
    if way not in WAYS or outcome not in OUTCOMES:
        raise WrongState(_SAY("contact_choice_wrong"))
    person: Person = get(db, me, Person, person_id)
    task = _contact_task(db, me, person_id, task_id)
    made = Contact(
        person_id=person.id, task_id=task.id if task else None, counsellor_id=me.id, way=way,
        outcome=outcome, note=note.strip()[:1000], at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    if task is not None and outcome in (*COVERING, "moved"):
        finish(task, me.id, OUTCOMES[outcome])
    if outcome in ("wrong_number", "moved"):
        subject = "电话" if outcome == "wrong_number" else "住址"
        deadline = Deadline(
            clock.now(),
            _SAY("verify_contact_rule", subject=subject, outcome=OUTCOMES[outcome]),
            is_set=False,
        )
        make(db, f"verify:contact:{made.id}", "verify", person, deadline)
    if outcome == "refused":
        _review_refusals(db, person)
    for need in needs:
        add_need(db, me, person_id, need)
    db.flush()
    return made


def add_need(db: Session, me: Staff, person_id: int, need: NewNeed) -> Need:
    """Add a need of a person. Raises NotVisible or WrongState."""
    if need.kind not in NEED_KINDS:
        raise WrongState(_SAY("need_kind_unknown"))
    get(db, me, Person, person_id)
    made = Need(
        person_id=person_id, kind=need.kind, detail=need.detail.strip()[:200], state="current",
        source="desk", as_of=clock.today(), counsellor_id=me.id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def end_need(db: Session, me: Staff, number: int, state: str) -> Need:
    """Mark a need as met or withdrawn. Raises NotVisible or WrongState."""
    need: Need = get(db, me, Need, number, lock=True)
    if state not in ("met", "withdrawn") or need.state != "current":
        raise WrongState(_SAY("need_closed"))
    need.state = state
    db.flush()
    return need


def set_wish(
    db: Session, me: Staff, person_id: int, way: str, hours: str, assistance: str
) -> ContactWish:
    """Keep how a person wishes to be contacted; the newest wish holds. Raises NotVisible."""
    if way not in WISHES:
        raise WrongState(_SAY("contact_way_unknown"))
    get(db, me, Person, person_id)
    made = ContactWish(
        person_id=person_id, way=way, hours=hours.strip()[:40], assistance=assistance.strip()[:40],
        as_of=clock.today(), counsellor_id=me.id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def coverage(db: Session, me: Staff, month: date, area: str) -> list[ContactCoverage]:
    """Return the coverage of a month by the areas directly below one, and in it itself last.

    Counted by people. Raises NotPermitted.
    """
    me.need(NUMBERS, area)
    first = month.replace(day=1)
    begins, ends = _day_begins(first), _day_begins(_next_month(first))
    digits = len(children(db, area)[0][0]) if children(db, area) else len(area)
    places = _people_by_outcome(db, me, area, digits, (begins, ends), month_of(first))
    names = names_of(db, set(places))
    rows = [_coverage(place, names[place], counts) for place, counts in sorted(places.items())]
    total = [sum(counts[part] for counts in places.values()) for part in range(4)]
    return [*rows, _coverage(area, "合计", total)]


def _people_by_outcome(
    db: Session, me: Staff, area: str, digits: int, moments: tuple[datetime, datetime], month: str
) -> dict[str, list[int]]:
    """Return by place: people due, reached, refused (and not reached), tried in vain."""
    begins, ends = moments
    due = (
        select(Task.person_id, func.min(Task.region_code).label("place"))
        .where(Task.kind == "monthly_contact", Task.key.like(f"monthly:{month}:%"))
        .where(within(Task.region_code, area), visible(me, Task, NUMBERS))
        .group_by(Task.person_id)
        .subquery()
    )
    weight = case((Contact.outcome == "reached", 3), (Contact.outcome == "refused", 2), else_=1)
    in_month = and_(Contact.person_id == due.c.person_id, Contact.at >= begins, Contact.at < ends)
    best = (
        select(
            due.c.person_id,
            due.c.place,
            func.max(case((Contact.id.is_not(None), weight))).label("best"),
        )
        .select_from(due.outerjoin(Contact, in_month))
        .group_by(due.c.person_id, due.c.place)
        .subquery()
    )
    place = func.substr(best.c.place, 1, digits)
    query = select(place, best.c.best, func.count()).group_by(place, best.c.best)
    counts_by_place: dict[str, list[int]] = {}
    for place_code, outcome, number in db.execute(query):
        counts = counts_by_place.setdefault(place_code, [0, 0, 0, 0])
        counts[0] += number
        if outcome is not None:
            counts[{3: 1, 2: 2, 1: 3}[int(outcome)]] += number
    return counts_by_place


def _coverage(area: str, name: str, counts: Sequence[int]) -> ContactCoverage:
    due, reached, refused, tried = counts
    return ContactCoverage(
        area, name, due, reached, refused, tried, due - reached - refused - tried
    )


def _contact_task(db: Session, me: Staff, person_id: int, task_id: int | None) -> Task | None:
    """Return the task that a contact is for: the one named, or the next of the month."""
    query = select(Task).where(
        Task.person_id == person_id, Task.kind == "monthly_contact", Task.state.in_(UNDONE),
        visible(me, Task),
    )  # fmt: skip
    if task_id is not None:
        query = query.where(Task.id == task_id)
    return db.scalar(query.order_by(Task.due_at).limit(1).with_for_update())


def _review_refusals(db: Session, person: Person) -> None:
    """Make a manual review once the last contacts were refused as often as the figure says."""
    limit = figure(db, "forbidden_refusals", person.region_code, clock.today())
    registration = current(db, person.id)
    if limit is None or registration is None:
        return
    query = select(Contact.outcome).where(Contact.person_id == person.id)
    last = db.scalars(
        query.order_by(Contact.at.desc(), Contact.id.desc()).limit(limit.number)
    ).all()
    if len(last) == limit.number and set(last) == {"refused"}:
        note_forbidden(db, registration, "refused_3", None)


def _review_silent(db: Session, day: date) -> int:
    """Make a manual review for each person out of reach as long as the figure says."""
    months = figure(db, "forbidden_silence_months", "21", day)
    if months is None:
        return 0
    since = _months_before(day.replace(day=1), months.number)
    spoken = exists(
        select(Contact.id).where(
            Contact.person_id == Registration.person_id,
            Contact.at >= _day_begins(since),
            Contact.outcome.in_(COVERING),
        )
    )
    tried = exists(
        select(Contact.id).where(
            Contact.person_id == Registration.person_id, Contact.at >= _day_begins(since)
        )
    )
    reviewed = exists(
        select(RegistrationEvent.id).where(
            RegistrationEvent.registration_id == Registration.id,
            RegistrationEvent.cause == "unreachable_6m",
            RegistrationEvent.at >= _day_begins(since),
        )
    )
    query = select(Registration).where(
        Registration.state == "active",
        Registration.registered_on < since,
        ~spoken,
        tried,
        ~reviewed,
    )
    silent = db.scalars(query).all()
    for registration in silent:
        note_forbidden(db, registration, "unreachable_6m", None)
    return len(silent)


def _active_in(db: Session, district: str) -> int:
    query = (
        select(func.count())
        .select_from(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.state == "active", Person.district_code == district)
    )
    return db.scalar(query) or 0


def _make_part(db: Session, district: str, day: date, part: int, quota: EffectiveDutyFigure) -> int:
    """Make one task of the month for each active registration of a district, by one statement."""
    first, parts = day.replace(day=1), quota.number
    days = (_next_month(first) - first).days
    due = end_of_day(first + timedelta(days=days * part // parts - 1))
    month = month_of(day)
    key = literal(f"monthly:{month}:") + cast(Registration.id, String) + literal(f":{part}")
    rule = _SAY("monthly_contact_rule", times=parts, citation=quota.citation)
    rows = (
        select(
            key, literal("monthly_contact"), Person.id, Registration.id, Person.region_code,
            Person.district_code, literal(due, Task.due_at.type), literal(True),
            literal(rule[:200]), literal("open"), literal(""),
            literal(clock.now(), Task.created_at.type),
        )
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.state == "active", Person.district_code == district)
    )  # fmt: skip
    columns = [
        "key", "kind", "person_id", "subject_id", "region_code", "district_code", "due_at",
        "has_deadline", "rule", "state", "result", "created_at",
    ]  # fmt: skip
    dialect = db.get_bind().dialect.name
    into = postgresql_insert(Task) if dialect == "postgresql" else sqlite_insert(Task)
    if dialect == "sqlite":  # its grammar needs a condition before `on conflict`
        rows = rows.where(literal(True))
    done = db.execute(into.from_select(columns, rows).on_conflict_do_nothing())
    return int(done.rowcount)  # type: ignore[attr-defined]


def _day_begins(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _months_before(first: date, months: int) -> date:
    month_index = first.year * 12 + first.month - 1 - months
    return date(month_index // 12, month_index % 12 + 1, 1)
