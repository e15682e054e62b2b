"""Plans (一人一策): drafted from facts, changed version by version, agreed, turned into tasks.

辽人社建〔2025〕21号 二(十): a plan for each person of the list, adjusted by the month; a month in
which nothing changed gets an entry that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.casework.duty_store import figure, items
from bot.casework.errors import WrongState
from bot.casework.matching import suggestions
from bot.casework.roles import PLANS, Staff
from bot.casework.scope import get, visible
from bot.casework.tasks import Deadline, end_of_day, finish_all, make
from bot.clock import CHINA
from bot.db.tables import (
    Need,
    Person,
    PersonGroup,
    Plan,
    PlanStep,
    PlanVersion,
    Promise,
    PromiseOffer,
)
from bot.wording import wording

_SAY = wording("casework")

#: The five supports: 辽人社建〔2025〕21号 一(四).
SUPPORTS = {
    "placement": "职业介绍", "training": "技能培训", "aid": "就业援助", "startup": "创业扶持",
    "security": "兜底安置",
}  # fmt: skip
ACTORS = {"office": "我们", "person": "本人"}
STATES = {"draft": "草稿", "agreed": "已同意", "running": "进行中", "closed": "已结束"}
#: Results of tasks that were not done: another version came, or the plan was ended.
REPLACED, ENDED = "换了新版本", "方案结束"
AGREED_BY = {"desk": "当面", "phone": "电话", "web": "网页", "wechat": "微信", "sms": "短信"}


@dataclass(frozen=True)
class Step:
    """A step of a plan."""

    kind: str
    action: str
    actor: str
    due_on: date


@dataclass(frozen=True)
class PlanDraft:
    """A draft, with the facts that it was made from."""

    steps: tuple[Step, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class VersionCard:
    """A version, or an entry that nothing changed."""

    number: int
    unchanged: bool
    reason: str
    at: datetime
    agreed: str
    """Day and way; empty when it is not agreed."""
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class PlanCard:
    """A plan as its page shows it."""

    id: int
    person_id: int
    state: str
    state_code: str
    versions: tuple[VersionCard, ...]
    """The newest first."""


def draft(db: Session, me: Staff, person_id: int) -> PlanDraft:
    """Return a draft from what is known: groups, needs, postings, what was refused and why.

    Every step is due at the end of the month, as plans are adjusted by the month; the counsellor
    sets other days. Raises NotVisible.
    """
    person: Person = get(db, me, Person, person_id, PLANS)
    due = _month_end(clock.today())
    facts, steps = [], []
    labels = {
        item.code: item.label
        for item in items(db, "hardship_kinds", person.region_code, clock.today())
    }
    for group in _groups(db, person.id):
        label = labels.get(group.kind, group.kind)
        state = "已核实" if group.state == "verified" else "待核实"
        facts.append(_SAY("fact_group", label=label, state=state))
        if group.state == "to_verify":
            action = _SAY("action_verify_group", label=label, basis=group.basis or "没写")
            steps.append(Step("aid", action, "office", due))
    refused = _refused(db, person.id)
    facts += [
        _SAY("fact_refused_posting", title=title, reason=reason) for title, reason, _ in refused
    ]
    for need in _needs(db, person.id):
        facts.append(
            _SAY("fact_need", kind=_NEED_LABELS[need.kind], detail=need.detail, day=need.as_of)
        )
        if need.kind != "job":
            support, action = _SUPPORT_OF_NEED[need.kind]
            steps.append(Step(support, f"{action}：{need.detail}", "office", due))
    for suggestion in suggestions(db, person, [number for _, _, number in refused if number]):
        terms = f"{suggestion.region}，{suggestion.pay}，{suggestion.posting_id}号"
        action = _SAY(
            "action_contact_employer",
            employer=suggestion.employer,
            title=suggestion.title,
            terms=terms,
        )
        steps.append(Step("placement", action, "person", due))
    return PlanDraft(tuple(steps), tuple(facts))


def create(
    db: Session, me: Staff, person_id: int, steps: Sequence[Step], reason: str = "首次制定"
) -> Plan:
    """Make a plan with its first version. Raises NotVisible, WrongState."""
    person: Person = get(db, me, Person, person_id, PLANS)
    open_plan = select(Plan.id).where(Plan.person_id == person.id, Plan.state != "closed")
    if db.scalar(open_plan) is not None:
        raise WrongState(_SAY("plan_exists"))
    plan = Plan(person_id=person.id, author_id=me.id, state="draft", created_at=clock.now())
    db.add(plan)
    db.flush()
    _add_version(db, me, plan, steps, reason)
    finish_all(db, "focus_plan", person.id, me.id, "已定方案")
    return plan


def add_version(
    db: Session, me: Staff, number: int, steps: Sequence[Step], reason: str
) -> PlanVersion:
    """Add a version, which needs its own agreement. Raises NotVisible, WrongState."""
    plan = _open(db, me, number)
    if not reason.strip():
        raise WrongState(_SAY("version_reason_missing"))
    made = _add_version(db, me, plan, steps, reason)
    finish_all(db, "plan_review", plan.id, me.id, "新版本")
    return made


def note_unchanged(db: Session, me: Staff, number: int) -> PlanVersion:
    """Keep that nothing changed this month. Raises NotVisible, WrongState."""
    plan = _open(db, me, number)
    if plan.state != "running":
        raise WrongState(_SAY("plan_not_agreed"))
    made = _version(db, me, plan, "unchanged", "本月没有变化")
    finish_all(db, "plan_review", plan.id, me.id, "没有变化")
    return made


def agree(db: Session, me: Staff, number: int, way: str) -> PlanVersion:
    """Keep the person's agreement to the newest version; its steps become tasks.

    Open tasks of earlier versions are over. Raises NotVisible, WrongState.
    """
    plan = _open(db, me, number)
    version = _newest(db, plan.id)
    if version is None or version.agreed_at is not None:
        raise WrongState(_SAY("version_agreed_already"))
    if way not in AGREED_BY:
        raise WrongState(_SAY("agreement_way_missing"))
    version.agreed_at, version.agreed_by_way = clock.now(), way
    plan.state = "running"
    finish_all(db, "plan_step", plan.id, me.id, REPLACED)
    person = db.get_one(Person, plan.person_id)
    query = select(PlanStep).where(PlanStep.version_id == version.id).order_by(PlanStep.position)
    for step in db.scalars(query).all():
        deadline = Deadline(
            end_of_day(step.due_on),
            _SAY("plan_step_rule", number=version.number, action=step.action),
        )
        step.task_id = make(db, f"plan_step:{step.id}", "plan_step", person, deadline, plan.id).id
    db.flush()
    return version


def close(db: Session, me: Staff, number: int, reason: str) -> Plan:
    """End a plan with its open tasks. Raises NotVisible, WrongState."""
    plan = _open(db, me, number)
    if not reason.strip():
        raise WrongState(_SAY("plan_end_reason_missing"))
    _version(db, me, plan, "unchanged", f"结束：{reason.strip()}")
    plan.state, plan.closed_at = "closed", clock.now()
    for kind in ("plan_step", "plan_review"):
        finish_all(db, kind, plan.id, me.id, ENDED)
    return plan


def make_reviews(db: Session, day: date) -> int:
    """Make this month's task for each running plan that has neither version nor entry yet.

    None where the figure plan_reviews_a_month is unset. Twice is as once.
    """
    first = day.replace(day=1)
    begins = datetime(first.year, first.month, 1, tzinfo=CHINA)
    fresh = exists(
        select(PlanVersion.id).where(PlanVersion.plan_id == Plan.id, PlanVersion.at >= begins)
    )
    made = 0
    for plan in db.scalars(select(Plan).where(Plan.state == "running", ~fresh)).all():
        person = db.get_one(Person, plan.person_id)
        rule = figure(db, "plan_reviews_a_month", person.region_code, day)
        if rule is None:
            continue
        deadline = Deadline(end_of_day(_month_end(day)), rule.citation)
        key = f"plan_review:{plan.id}:{day:%Y-%m}"
        made += make(db, key, "plan_review", person, deadline, plan.id).state == "open"
    return made


def card(db: Session, me: Staff, person_id: int) -> PlanCard | None:
    """Return a person's newest plan with all its versions."""
    query = select(Plan).where(Plan.person_id == person_id, visible(me, Plan))
    plan = db.scalar(query.order_by(Plan.id.desc()).limit(1))
    if plan is None:
        return None
    versions = select(PlanVersion).where(PlanVersion.plan_id == plan.id)
    cards = [
        _card(db, version) for version in db.scalars(versions.order_by(PlanVersion.number.desc()))
    ]
    return PlanCard(plan.id, plan.person_id, STATES[plan.state], plan.state, tuple(cards))


#: Labels of needs, and the support and action for each.
_NEED_LABELS = {"job": "找工作", "training": "学技能", "startup": "自己创业", "aid": "家里困难"}
_SUPPORT_OF_NEED = {
    "training": ("training", _SAY("action_training")),
    "startup": ("startup", _SAY("action_startup")),
    "aid": ("security", _SAY("action_aid")),
}  # fmt: skip


def _groups(db: Session, person_id: int) -> Sequence[PersonGroup]:
    query = select(PersonGroup).where(
        PersonGroup.person_id == person_id, PersonGroup.state != "ended"
    )
    return db.scalars(query.order_by(PersonGroup.id)).all()


def _needs(db: Session, person_id: int) -> Sequence[Need]:
    query = select(Need).where(Need.person_id == person_id, Need.state == "current")
    return db.scalars(query.order_by(Need.id)).all()


def _refused(db: Session, person_id: int) -> list[tuple[str, str, int | None]]:
    """Return what a person refused: title, reason and number of each posting."""
    query = (
        select(PromiseOffer.title, PromiseOffer.reason, PromiseOffer.posting_id)
        .join(Promise, Promise.id == PromiseOffer.promise_id)
        .where(Promise.person_id == person_id, PromiseOffer.answer == "refused")
    )
    return [(title, reason, number) for title, reason, number in db.execute(query)]


def _open(db: Session, me: Staff, number: int) -> Plan:
    plan: Plan = get(db, me, Plan, number, PLANS, lock=True)
    if plan.state == "closed":
        raise WrongState(_SAY("plan_closed"))
    return plan


def _newest(db: Session, plan_id: int) -> PlanVersion | None:
    query = select(PlanVersion).where(PlanVersion.plan_id == plan_id, PlanVersion.kind == "version")
    return db.scalar(query.order_by(PlanVersion.number.desc()).limit(1))


def _add_version(
    db: Session, me: Staff, plan: Plan, steps: Sequence[Step], reason: str
) -> PlanVersion:
    if not steps:
        raise WrongState(_SAY("plan_without_steps"))
    version = _version(db, me, plan, "version", reason.strip())
    for position, step in enumerate(steps, 1):
        if step.kind not in SUPPORTS or step.actor not in ACTORS or not step.action.strip():
            raise WrongState(_SAY("plan_step_incomplete", position=position))
        db.add(
            PlanStep(
                version_id=version.id, position=position, kind=step.kind,
                action=step.action.strip()[:300], actor=step.actor, due_on=step.due_on,
            )
        )  # fmt: skip
    db.flush()
    return version


def _version(db: Session, me: Staff, plan: Plan, kind: str, reason: str) -> PlanVersion:
    last = db.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.plan_id == plan.id))
    made = PlanVersion(
        plan_id=plan.id, number=(last or 0) + 1, kind=kind, reason=reason[:200], author_id=me.id,
        at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _card(db: Session, version: PlanVersion) -> VersionCard:
    query = select(PlanStep).where(PlanStep.version_id == version.id).order_by(PlanStep.position)
    steps = tuple(
        Step(step.kind, step.action, step.actor, step.due_on) for step in db.scalars(query)
    )
    agreed = ""
    if version.agreed_at is not None:
        agreed = f"{version.agreed_at:%Y-%m-%d} {AGREED_BY[version.agreed_by_way or 'desk']}"
    unchanged = version.kind == "unchanged"
    return VersionCard(version.number, unchanged, version.reason, version.at, agreed, steps)


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
