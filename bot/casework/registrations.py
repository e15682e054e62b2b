"""Registrations as unemployed: how they begin, are proposed for exit, reviewed, ended, objected to.

辽人社建〔2025〕21号 二(一): no person is struck off merely for three refusals in a row or for six
months out of reach. An exit needs a reason of the list of its day and a second person; the tables
refuse anything else from any writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.audit.chain import Action, append
from bot.casework.duties import FORBIDDEN_REASONS
from bot.casework.duty_store import figure, items
from bot.casework.errors import ForbiddenExit, SamePerson, WrongState
from bot.casework.roles import LEDGER, REVIEW, Staff
from bot.casework.scope import get, visible
from bot.casework.tasks import UNDONE, Deadline, after_days, finish_all, make
from bot.db.tables import Counsellor, Person, Registration, RegistrationEvent, Task
from bot.wording import wording

_SAY = wording("casework")

KINDS = {
    "registered": "登记", "exit_proposed": "提出注销", "exit_confirmed": "复核同意注销",
    "exit_refused": "复核不同意", "restored": "恢复登记", "objected": "本人异议",
    "answered": "异议已答复", "manual_review": "转人工复核", "violation": "违规注销已拦下",
    "withdrawn": "导入撤回",
}  # fmt: skip
STATES = {
    "active": "登记中", "exit_proposed": "待复核注销", "objected": "本人有异议", "exited": "已注销",
    "withdrawn": "导入已撤回",
}  # fmt: skip
#: States of a registration that is no more.
OVER = ("exited", "withdrawn")
CAUSES = {"refused_3": "连续拒绝服务", "unreachable_6m": "连续联系不上"}


@dataclass(frozen=True)
class RegistrationHistoryEvent:
    """An event of a registration as the page shows it."""

    kind: str
    reason: str
    evidence: str
    by: str
    reviewer: str
    at: datetime


@dataclass(frozen=True)
class ExitProposal:
    """An exit that waits for its review."""

    registration_id: int
    person_id: int
    reason_code: str
    evidence: str
    proposed_by: str
    own: bool
    """True when the reader proposed it: they cannot review it."""
    at: datetime
    objected: bool


def register(
    db: Session, person: Person, day: date, cause: str, source: str, number: str | None = None,
    batch_id: int | None = None, counsellor_id: int | None = None,
) -> Registration:  # fmt: skip
    """Register a person. Raises WrongState when a registration is open."""
    if current(db, person.id) is not None:
        raise WrongState(_SAY("registered_already"))
    made = Registration(
        person_id=person.id, number=number, registered_on=day, cause=cause[:100], state="active",
        source=source, as_of=clock.today(), batch_id=batch_id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    person.left_at = None
    _event(db, made, "registered", counsellor_id=counsellor_id, batch_id=batch_id)
    return made


def current(db: Session, person_id: int) -> Registration | None:
    """Return a person's registration that has not ended."""
    query = select(Registration).where(
        Registration.person_id == person_id, Registration.state.not_in(OVER)
    )
    return db.scalar(query)


def propose_exit(
    db: Session, me: Staff, number: int, reason_code: str, evidence: str,
    batch_id: int | None = None,
) -> RegistrationEvent:  # fmt: skip
    """Propose the exit of a registration; a task asks a second person to review it.

    Raises ForbiddenExit for refusals and silence, NotVisible, WrongState.
    """
    registration: Registration = get(db, me, Registration, number, LEDGER, lock=True)
    if reason_code in FORBIDDEN_REASONS or not reason_code:
        raise ForbiddenExit
    if registration.state not in ("active", "objected"):
        raise WrongState(_SAY("exit_state_wrong", state=STATES[registration.state]))
    person = db.get_one(Person, registration.person_id)
    reason_codes = {
        item.code for item in items(db, "exit_reasons", person.region_code, clock.today())
    }
    if reason_code not in reason_codes:
        raise WrongState(_SAY("exit_reason_unknown"))
    if not evidence.strip():
        raise WrongState(_SAY("evidence_missing"))
    made = _event(
        db,
        registration,
        "exit_proposed",
        reason_code,
        evidence,
        counsellor_id=me.id,
        batch_id=batch_id,
    )
    registration.state = "exit_proposed"
    db.flush()
    days = figure(db, "exit_review_days", person.region_code, clock.today())
    deadline = after_days(days, "注销复核期限", clock.now())
    make(db, f"exit_review:{made.id}", "exit_review", person, deadline, registration.id)
    _log(db, me, "exit_proposed", registration, reason_code)
    return made


def note_forbidden(
    db: Session, registration: Registration, cause: str, counsellor_id: int | None,
    evidence: str = "", batch_id: int | None = None, violation: bool = False,
) -> RegistrationEvent:  # fmt: skip
    """Keep that refusals or silence stand in a file: a task of manual review, never an exit."""
    kind = "violation" if violation else "manual_review"
    person = db.get_one(Person, registration.person_id)
    rule = figure(db, "forbidden_refusals", person.region_code, clock.today())
    made = _event(
        db,
        registration,
        kind,
        cause=cause,
        evidence=evidence,
        counsellor_id=counsellor_id,
        batch_id=batch_id,
    )
    cited = rule.citation if rule else "辽人社建〔2025〕21号 二(一)"
    deadline = Deadline(clock.now(), _SAY("exit_forbidden_rule", citation=cited), is_set=False)
    month = f"{clock.today():%Y-%m}"
    key = f"manual_review:{registration.id}:{cause}:{month}"
    make(db, key, "manual_review", person, deadline, registration.id)
    return made


def confirm_exit(db: Session, me: Staff, number: int) -> RegistrationEvent:
    """Confirm a proposed exit as the second person. Raises SamePerson, NotVisible, WrongState."""
    registration, proposal = _to_review(db, me, number)
    made = _event(
        db, registration, "exit_confirmed", proposal.reason_code, proposal.evidence,
        counsellor_id=proposal.counsellor_id, reviewer=me.id,
    )  # fmt: skip
    registration.state, registration.exited_on = "exited", clock.today()
    db.get_one(Person, registration.person_id).left_at = clock.now()
    db.flush()
    finish_all(db, "exit_review", registration.id, me.id, "同意注销")
    _log(db, me, "exit_confirmed", registration, proposal.reason_code or "")
    return made


def refuse_exit(db: Session, me: Staff, number: int, why: str) -> RegistrationEvent:
    """Refuse a proposed exit: the registration goes on. Raises as `confirm_exit`."""
    if not why.strip():
        raise WrongState(_SAY("rejection_reason_missing"))
    registration, _ = _to_review(db, me, number)
    made = _event(db, registration, "exit_refused", evidence=why, reviewer=me.id)
    registration.state = "active"
    db.flush()
    finish_all(db, "exit_review", registration.id, me.id, "不同意注销")
    _log(db, me, "exit_refused", registration, why)
    return made


def restore(db: Session, me: Staff, number: int, why: str) -> RegistrationEvent:
    """Take an exit back. Raises NotVisible, WrongState."""
    registration: Registration = get(db, me, Registration, number, REVIEW, lock=True)
    if registration.state != "exited":
        raise WrongState(_SAY("nothing_to_restore"))
    if current(db, registration.person_id) is not None:
        raise WrongState(_SAY("registered_since"))
    made = _event(db, registration, "restored", evidence=why, reviewer=me.id)
    registration.state, registration.exited_on = "active", None
    db.get_one(Person, registration.person_id).left_at = None
    db.flush()
    _log(db, me, "exit_restored", registration, why)
    return made


def object_to_exit(db: Session, registration: Registration, words: str) -> RegistrationEvent:
    """Keep a person's objection to an exit, proposed or done; a task asks for the answer.

    Raises WrongState when there is no exit to object to.
    """
    if registration.state not in ("exit_proposed", "exited"):
        raise WrongState(_SAY("nothing_to_object_to"))
    person = db.get_one(Person, registration.person_id)
    made = _event(db, registration, "objected", evidence=words[:500])
    if registration.state == "exit_proposed":
        registration.state = "objected"
        finish_all(db, "exit_review", registration.id, None, _SAY("objection_made"))
    days = figure(db, "objection_days", person.region_code, clock.today())
    deadline = after_days(days, "异议答复期限", clock.now())
    make(db, f"objection:{made.id}", "objection", person, deadline, registration.id)
    db.flush()
    return made


def answer_objection(
    db: Session, me: Staff, number: int, answer: str, upheld: bool
) -> RegistrationEvent:
    """Answer an objection; `upheld`: the registration goes on or comes back.

    Without it an exit that was done stays, and one that was proposed needs a new proposal.
    Raises NotVisible, SamePerson (who proposed cannot answer), WrongState.
    """
    registration: Registration = get(db, me, Registration, number, REVIEW, lock=True)
    proposal = _newest(db, registration.id, "exit_proposed")
    if proposal is not None and proposal.counsellor_id == me.id:
        raise SamePerson
    if not answer.strip():
        raise WrongState(_SAY("answer_missing"))
    made = _event(db, registration, "answered", evidence=answer, reviewer=me.id)
    if registration.state == "exited" and upheld:
        restore(db, me, number, _SAY("objection_upheld", answer=answer))
    elif registration.state == "objected":
        _event(db, registration, "exit_refused", evidence=answer, reviewer=me.id)
        registration.state = "active"
    db.flush()
    finish_all(db, "objection", registration.id, me.id, "恢复登记" if upheld else "已答复")
    return made


def withdraw(db: Session, me: Staff, registration: Registration) -> RegistrationEvent:
    """Withdraw a registration with the import that made it; the table refuses any other way."""
    registration.state = "withdrawn"
    db.flush()
    made = _event(
        db, registration, "withdrawn", counsellor_id=me.id, batch_id=registration.batch_id
    )
    person = db.get_one(Person, registration.person_id)
    if current(db, person.id) is None:
        person.left_at = clock.now()
    for kind in ("monthly_contact", "manual_review"):
        finish_all(db, kind, registration.id, me.id, "导入撤回")
    return made


def withdraw_proposal(db: Session, me: Staff, registration: Registration) -> None:
    """Take back a proposal that came by an import and waits; what was reviewed stays."""
    _event(db, registration, "exit_refused", evidence="导入撤回", counsellor_id=me.id)
    registration.state = "active"
    db.flush()
    finish_all(db, "exit_review", registration.id, me.id, "导入撤回")


def proposals(db: Session, me: Staff, limit: int = 100) -> list[ExitProposal]:
    """Return exits that wait for review and objections to be answered, the oldest first."""
    # Two sets that indexes give; one condition with `or` would read every registration.
    objected = select(Task.subject_id).where(Task.kind == "objection", Task.state.in_(UNDONE))
    in_review = select(Registration.id).where(Registration.state.in_(("exit_proposed", "objected")))
    query = (
        select(Registration, Registration.id.in_(objected))
        .where(Registration.id.in_(in_review.union_all(objected)))
        .where(visible(me, Registration, REVIEW))
        .order_by(Registration.id)
        .limit(limit)
    )
    rows = db.execute(query).tuples().all()
    proposed = _newest_proposals(db, [registration.id for registration, _ in rows])
    names = _staff_names(db, {event.counsellor_id for event in proposed.values()})
    waiting = []
    for registration, has_objection in rows:
        event = proposed.get(registration.id)
        if event is None:
            continue
        waiting.append(
            ExitProposal(
                registration.id, registration.person_id, event.reason_code or "", event.evidence,
                names.get(event.counsellor_id or 0, ""), event.counsellor_id == me.id, event.at,
                has_objection or registration.state == "objected",
            )
        )  # fmt: skip
    return sorted(waiting, key=lambda proposal: proposal.at)


def events(
    db: Session, registration_id: int, labels: dict[str, str]
) -> list[RegistrationHistoryEvent]:
    """Return what happened to a registration, the oldest first; `labels` of the reasons."""
    query = select(RegistrationEvent).where(RegistrationEvent.registration_id == registration_id)
    rows = db.scalars(query.order_by(RegistrationEvent.id)).all()
    names = _staff_names(
        db, {number for row in rows for number in (row.counsellor_id, row.reviewer_id)}
    )
    return [
        RegistrationHistoryEvent(
            KINDS[row.kind],
            labels.get(row.reason_code or "", row.reason_code or "")
            or CAUSES.get(row.cause or "", ""),
            row.evidence, names.get(row.counsellor_id or 0, ""),
            names.get(row.reviewer_id or 0, ""), row.at,
        )
        for row in rows
    ]  # fmt: skip


def _to_review(db: Session, me: Staff, number: int) -> tuple[Registration, RegistrationEvent]:
    registration: Registration = get(db, me, Registration, number, REVIEW, lock=True)
    proposal = _newest(db, number, "exit_proposed")
    if registration.state != "exit_proposed" or proposal is None:
        raise WrongState(_SAY("no_exit_to_review"))
    if proposal.counsellor_id == me.id:
        raise SamePerson
    return registration, proposal


def _newest_proposals(db: Session, registrations: list[int]) -> dict[int, RegistrationEvent]:
    """Return the newest proposal of an exit of each registration that has one."""
    newest = (
        select(func.max(RegistrationEvent.id))
        .where(RegistrationEvent.kind == "exit_proposed")
        .where(RegistrationEvent.registration_id.in_(registrations))
        .group_by(RegistrationEvent.registration_id)
    )
    rows = db.scalars(select(RegistrationEvent).where(RegistrationEvent.id.in_(newest)))
    return {row.registration_id: row for row in rows}


def _staff_names(db: Session, numbers: set[int | None]) -> dict[int, str]:
    query = select(Counsellor.id, Counsellor.name).where(Counsellor.id.in_(numbers - {None}))
    return dict(db.execute(query).tuples().all())


def _newest(db: Session, registration_id: int, kind: str) -> RegistrationEvent | None:
    query = select(RegistrationEvent).where(
        RegistrationEvent.registration_id == registration_id, RegistrationEvent.kind == kind
    )
    return db.scalar(query.order_by(RegistrationEvent.id.desc()).limit(1))


def _event(
    db: Session, registration: Registration, kind: str, reason_code: str | None = None,
    evidence: str = "", cause: str | None = None, counsellor_id: int | None = None,
    reviewer: int | None = None, batch_id: int | None = None,
) -> RegistrationEvent:  # fmt: skip
    made = RegistrationEvent(
        registration_id=registration.id, kind=kind, reason_code=reason_code, cause=cause,
        evidence=evidence.strip(), counsellor_id=counsellor_id, reviewer_id=reviewer,
        batch_id=batch_id, at=clock.now(),
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def _log(db: Session, me: Staff, action: str, registration: Registration, purpose: str) -> None:
    target = ("registration", purpose or "注销", str(registration.id))
    append(db, Action(f"counsellor:{me.id}", action, *target))
