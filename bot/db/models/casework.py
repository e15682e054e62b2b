"""Work for people: tasks, contacts, promises, plans, placements, referrals and imports."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode
from bot.db.models.areas import AreaCode
from bot.db.types import Moment

_PERSON = "people.id"
_STAFF = "counsellors.id"
_UNDONE = text("state in ('open', 'claimed')")
_COVERING = text("outcome in ('reached', 'refused')")


class Task(Base):
    """Something to be done until a moment. Whether it is overdue is computed, never stored."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("state in ('open', 'claimed', 'done', 'skipped')", name="state"),
        CheckConstraint("state <> 'skipped' or result <> ''", name="skipped_has_reason"),
        Index(
            "ix_tasks_due", "due_at", "id",
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
        Index(
            "ix_tasks_due_in_district", "district_code", "due_at", "id",
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
        Index(
            "ix_tasks_due_of_kind", "kind", "due_at", "id",
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
        Index(
            "ix_tasks_subject", "subject_id", "kind",
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
        Index(
            "ix_tasks_due_in_area", "region_code", "due_at", "id",
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """What it was made for; the same is never made twice."""
    kind: Mapped[str] = mapped_column(String(20))
    """A key of bot.casework.tasks.KINDS."""
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey(_PERSON, ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[int | None]
    """The registration, promise, plan, placement or batch that it is about, by its kind."""
    region_code: Mapped[AreaCode]
    district_code: Mapped[RegionCode]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey(_STAFF), index=True)
    due_at: Mapped[Moment]
    """Orders the list; when no figure sets a deadline, the moment at which it was made."""
    has_deadline: Mapped[bool]
    """False where the figure is unset: it is never overdue."""
    rule: Mapped[str] = mapped_column(String(200))
    """The citation of the rule by which it is due."""
    state: Mapped[str] = mapped_column(String(10))
    result: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey(_STAFF))


class Contact(Base):
    """A contact with a person, or a try; rows are never changed."""

    __tablename__ = "contacts"
    __table_args__ = (
        Index("ix_contacts_person_id_at", "person_id", "at"),
        Index(
            "ix_contacts_covering", "person_id", "at",
            sqlite_where=_COVERING, postgresql_where=_COVERING,
        ),
        CheckConstraint(
            "outcome in ('reached', 'no_answer', 'wrong_number', 'refused', 'moved', 'not_now')",
            name="outcome",
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey(_STAFF))
    """None: the bot."""
    way: Mapped[str] = mapped_column(String(10))
    """phone, sms, wechat, web or visit."""
    outcome: Mapped[str] = mapped_column(String(14))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]


class Promise(Base):
    """A promise of work within hours for a person who takes any. Its deadline is stored."""

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint(
            "state in ('running', 'accepted', 'working', 'missed', 'remedied', 'withdrawn')",
            name="state",
        ),
        Index("ix_promises_state_deadline", "state", "deadline"),
        Index(
            "uq_promises_running", "person_id", unique=True,
            sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    wording: Mapped[str] = mapped_column(Text)
    """As it was shown and agreed to, with the figures of the place."""
    clock: Mapped[str] = mapped_column(String(8))
    """office or wall: the figure promise_clock on the day it began."""
    hours: Mapped[int]
    started_at: Mapped[Moment]
    deadline: Mapped[Moment]
    first_offer_at: Mapped[Moment | None]
    state: Mapped[str] = mapped_column(String(10))
    remedy: Mapped[str] = mapped_column(Text)
    """What was done after it was missed; empty before."""
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    closed_at: Mapped[Moment | None]


class PromiseOffer(Base):
    """A posting offered for a promise (without an answer), or what was answered; never changed."""

    __tablename__ = "promise_offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    promise_id: Mapped[int] = mapped_column(
        ForeignKey("promises.id", ondelete="CASCADE"), index=True
    )
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(120))
    """Of the posting, for after it is gone."""
    way: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(10))
    """None: offered; else accepted or refused."""
    reason: Mapped[str] = mapped_column(String(200))
    """Why not."""
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    at: Mapped[Moment]


class Plan(Base):
    """A person's plan (一人一策)."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("state in ('draft', 'agreed', 'running', 'closed')", name="state"),
        Index(
            "uq_plans_open", "person_id", unique=True,
            sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]


class PlanVersion(Base):
    """A version of a plan, or an entry that nothing changed; only its agreement is added later."""

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("plan_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    """version, or unchanged: an entry of the month without steps of its own."""
    reason: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    at: Mapped[Moment]
    agreed_at: Mapped[Moment | None]
    agreed_by_way: Mapped[str | None] = mapped_column(String(10))


class PlanStep(Base):
    """A step of a version of a plan."""

    __tablename__ = "plan_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("plan_versions.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    """One of the five supports: placement, training, aid, startup, security."""
    action: Mapped[str] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(String(10))
    """person or office."""
    due_on: Mapped[date]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))


class FocusEntry(Base):
    """A person on the list of those who get help first (重点帮扶清单), for one of its kinds."""

    __tablename__ = "focus_entries"
    __table_args__ = (
        CheckConstraint("state in ('proposed', 'listed', 'objected', 'ended')", name="state"),
        Index(
            "uq_focus_entries_open", "person_id", "kind", unique=True,
            sqlite_where=text("state in ('proposed', 'listed')"),
            postgresql_where=text("state in ('proposed', 'listed')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """hardship, graduate, rural, relief or laid_off."""
    basis: Mapped[str] = mapped_column(String(200))
    """The document or the office that names the person."""
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("warning_cases.id", ondelete="SET NULL"), index=True
    )
    """Of laid_off: the warned firm."""
    state: Mapped[str] = mapped_column(String(10))
    """proposed until the person was told, then listed; objected or ended."""
    batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("import_batches.id", ondelete="SET NULL"), index=True
    )
    entered_at: Mapped[Moment]


class FocusEvent(Base):
    """A step of an entry of the list; never changed."""

    __tablename__ = "focus_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("focus_entries.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10))
    """How the person was told or objected: a way of contacts; empty where nobody was met."""
    note: Mapped[str] = mapped_column(String(200))
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    at: Mapped[Moment]


class Placement(Base):
    """Work that a person has begun."""

    __tablename__ = "placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id", ondelete="SET NULL"))
    employer: Mapped[str] = mapped_column(String(120))
    started_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(String(10))
    """told, contract or insurance."""
    state: Mapped[str] = mapped_column(String(10))
    """claimed, verified or ended."""
    ended_on: Mapped[date | None]
    ended_why: Mapped[str] = mapped_column(String(200))
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))


class PlacementCheck(Base):
    """A check of a placement some days after its beginning; never changed."""

    __tablename__ = "placement_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    placement_id: Mapped[int] = mapped_column(
        ForeignKey("placements.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[int]
    works: Mapped[bool]
    paid: Mapped[bool | None]
    insured: Mapped[bool | None]
    note: Mapped[str] = mapped_column(String(200))
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    at: Mapped[Moment]


class Referral(Base):
    """A matter handed to another authority."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    """arrears, contract, dismissal, injury, fraud or conditions."""
    recipient: Mapped[str] = mapped_column(String(12))
    """监察, 仲裁, 调解, 公安, 民政 or 残联."""
    note: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10))
    """sent, accepted, settled, refused or withdrawn."""
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    at: Mapped[Moment]


class ImportBatch(Base):
    """A sheet that was imported, or only looked at."""

    __tablename__ = "import_batches"
    __table_args__ = (CheckConstraint("state in ('previewed', 'applied', 'undone')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    """A key of bot.casework_imports.columns.kinds."""
    file: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    scope: Mapped[AreaCode]
    """The area of the one who imports; rows outside are refused."""
    state: Mapped[str] = mapped_column(String(10))
    rows_new: Mapped[int]
    rows_changed: Mapped[int]
    rows_same: Mapped[int]
    rows_refused: Mapped[int]
    counsellor_id: Mapped[int] = mapped_column(ForeignKey(_STAFF))
    previewed_at: Mapped[Moment]
    applied_at: Mapped[Moment | None]
    undone_at: Mapped[Moment | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey(_STAFF))


class ImportRow(Base):
    """A row of a batch: what it is to change, and what stood there before; sealed."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_batch_id_number", "batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"))
    number: Mapped[int]
    """As the sheet counts."""
    action: Mapped[str] = mapped_column(String(10))
    """new, changed, same or refused."""
    reason: Mapped[str] = mapped_column(String(200))
    """Why it is refused, or what changes; names no person."""
    payload_sealed: Mapped[str] = mapped_column(Text)
    before_sealed: Mapped[str] = mapped_column(Text)
    """For undoing; empty until the batch is applied."""
