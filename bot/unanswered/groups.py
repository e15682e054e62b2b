"""Groups of like questions: made, listed by how often they were asked, worked through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, true, update
from sqlalchemy.orm import Session

from bot import clock
from bot.db.tables import Counsellor, Policy, QuestionGroup, UnansweredQuestion
from bot.unanswered.errors import NoSuchGroup, NoSuchPolicy, ReasonMissing
from bot.unanswered.likeness import Groups
from bot.unanswered.record import KINDS

#: States, as editors read them.
STATES = {
    "new": "新的", "drafting": "在写", "answered": "有答案了", "not_ours": "不归我们管",
}  # fmt: skip
#: Questions that one run groups at most, and that the page of a group shows.
MAX_GROUPED, MAX_EXAMPLES = 5000, 20
#: Groups of one page.
PAGE = 50
#: Characters of an editor's note.
MAX_NOTE_CHARS = 200


@dataclass(frozen=True)
class GroupRow:
    """A group as the list shows it."""

    id: int
    label: str
    state: str
    policy_id: str | None
    note: str
    by: str
    """Who set the state last; empty for nobody."""
    changed_at: datetime | None
    topic: str | None
    questions: int
    """How many are kept, in the areas looked at."""
    since: int
    """Of these, how many came after the state was set."""
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Example:
    """A question of a group."""

    day: date
    kind: str
    """In Chinese."""
    text: str
    region_code: str | None


def group_new(db: Session) -> int:
    """Put the questions that have no group into one; return how many there were."""
    query = select(UnansweredQuestion).where(UnansweredQuestion.group_id.is_(None))
    # Held until the end, so that two runs at once make no group twice.
    fresh = db.scalars(
        query.order_by(UnansweredQuestion.id).limit(MAX_GROUPED).with_for_update()
    ).all()
    if not fresh:
        return 0
    labels = select(QuestionGroup.id, QuestionGroup.label, QuestionGroup.topic)
    groups = Groups(db.execute(labels.order_by(QuestionGroup.id)).tuples())
    for question in fresh:
        number = groups.nearest(question.text, question.topic)
        group = db.get(QuestionGroup, number) if number is not None else None
        if group is None:
            group = QuestionGroup(
                label=question.text, topic=question.topic, state="new",
                first_day=question.day, last_day=question.day,
            )  # fmt: skip
            db.add(group)
            db.flush()
            groups.add(group.id, group.label, group.topic)
        question.group_id = group.id
        group.first_day = min(group.first_day, question.day)
        group.last_day = max(group.last_day, question.day)
    db.flush()
    return len(fresh)


def group_rows(
    db: Session, state: str = "", scope: ColumnElement[bool] | None = None,
    limit: int = PAGE, offset: int = 0,
) -> list[GroupRow]:  # fmt: skip
    """Return groups with questions in the areas looked at, those asked most often first.

    `scope` is the condition of these areas, on UnansweredQuestion.
    """
    condition = QuestionGroup.state == state if state else true()
    return _rows(db, condition, scope, limit, offset)


def group_row(db: Session, number: int, scope: ColumnElement[bool] | None = None) -> GroupRow:
    """Return one group. Raises NoSuchGroup, also for one without questions in the areas."""
    rows = _rows(db, QuestionGroup.id == number, scope, 1, 0)
    if not rows:
        raise NoSuchGroup(number)
    return rows[0]


def examples(db: Session, number: int, scope: ColumnElement[bool] | None = None) -> list[Example]:
    """Return the newest questions of a group."""
    query = (
        select(UnansweredQuestion)
        .where(UnansweredQuestion.group_id == number, true() if scope is None else scope)
        .order_by(UnansweredQuestion.id.desc())
        .limit(MAX_EXAMPLES)
    )
    return [
        Example(row.day, KINDS.get(row.kind, row.kind), row.text, row.region_code)
        for row in db.scalars(query)
    ]


def set_state(
    db: Session, counsellor_id: int | None, number: int, state: str,
    policy_id: str = "", note: str = "",
) -> None:  # fmt: skip
    """Set the state of a group. Raises NoSuchGroup, NoSuchPolicy, ReasonMissing.

    `answered` needs a policy that is loaded, `not_ours` a note; `counsellor_id` is None at the
    command line.
    """
    if state not in STATES:
        raise ValueError(state)
    group = _locked(db, number)
    if state == "answered" and db.get(Policy, policy_id) is None:
        raise NoSuchPolicy(policy_id)
    if state == "not_ours" and not note.strip():
        raise ReasonMissing
    group.policy_id = policy_id if state == "answered" else None
    group.state, group.note = state, note.strip()[:MAX_NOTE_CHARS]
    group.counsellor_id, group.changed_at = counsellor_id, clock.now()
    db.flush()


def merge(db: Session, number: int, into: int) -> None:
    """Put all questions of a group into another one. Raises NoSuchGroup."""
    if number == into:
        return
    group, other = _locked(db, number), _locked(db, into)
    db.execute(
        update(UnansweredQuestion)
        .where(UnansweredQuestion.group_id == number)
        .values(group_id=into)
    )
    other.first_day = min(other.first_day, group.first_day)
    other.last_day = max(other.last_day, group.last_day)
    db.flush()
    db.execute(delete(QuestionGroup).where(QuestionGroup.id == number))


def _locked(db: Session, number: int) -> QuestionGroup:
    group = db.scalar(select(QuestionGroup).where(QuestionGroup.id == number).with_for_update())
    if group is None:
        raise NoSuchGroup(number)
    return group


def _rows(
    db: Session, condition: ColumnElement[bool], scope: ColumnElement[bool] | None,
    limit: int, offset: int,
) -> list[GroupRow]:  # fmt: skip
    counted = func.count(UnansweredQuestion.id)
    query = (
        select(
            QuestionGroup, Counsellor.name, counted,
            func.min(UnansweredQuestion.day), func.max(UnansweredQuestion.day),
        )
        .join(UnansweredQuestion, UnansweredQuestion.group_id == QuestionGroup.id)
        .outerjoin(Counsellor, Counsellor.id == QuestionGroup.counsellor_id)
        .where(condition, true() if scope is None else scope)
        .group_by(QuestionGroup.id, Counsellor.name)
        .order_by(counted.desc(), QuestionGroup.id)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [
        GroupRow(
            group.id, group.label, group.state, group.policy_id, group.note, name or "",
            group.changed_at, group.topic, count, _since(db, group, scope), first, last,
        )
        for group, name, count, first, last in db.execute(query).tuples()
    ]  # fmt: skip


def _since(db: Session, group: QuestionGroup, scope: ColumnElement[bool] | None) -> int:
    if group.changed_at is None:
        return 0
    later = and_(
        UnansweredQuestion.group_id == group.id,
        UnansweredQuestion.day > group.changed_at.date(),
        true() if scope is None else scope,
    )
    return db.scalar(select(func.count()).select_from(UnansweredQuestion).where(later)) or 0
