"""Early warning: what offices deliver, firms on the list, alerts, measures, frozen lists, reports.

What is delivered is append-only. A batch is applied once; an undo is a batch of its own that names
the one it takes back, so that what was known at any moment can be read again exactly.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode
from bot.db.types import Moment


class WarningBatch(Base):
    """A file that was applied, or the undo of one."""

    __tablename__ = "warning_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """employers, filings, headcounts or counts."""
    file: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    refused: Mapped[int]
    staff: Mapped[str] = mapped_column(String(40))
    applied_at: Mapped[Moment] = mapped_column(index=True)
    """From when on its rows are known."""
    undoes: Mapped[int | None] = mapped_column(ForeignKey("warning_batches.id"), unique=True)
    """The batch whose rows count no more from `applied_at` on; such a batch has no rows."""


class WarningDelivery(Base):
    """A district with its month's data in a batch: completeness counts these."""

    __tablename__ = "warning_deliveries"

    batch_id: Mapped[int] = mapped_column(ForeignKey("warning_batches.id"), primary_key=True)
    district: Mapped[RegionCode] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    """First day of the month."""


class EmployerRecord(Base):
    """An employer as a register lists it; the newest applied batch counts."""

    __tablename__ = "employer_records"
    __table_args__ = (Index("ix_employer_records_uscc", "uscc"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("warning_batches.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18))
    """统一社会信用代码 (GB 32100-2015)."""
    name: Mapped[str] = mapped_column(String(200))
    district: Mapped[RegionCode]
    industry: Mapped[str] = mapped_column(String(5), default="")
    """GB/T 4754-2017, a letter with up to four digits (C3511) or the digits alone."""
    parent: Mapped[str | None] = mapped_column(String(18))
    """The credit code of the company that it is a branch of, or was renamed to."""


class EmploymentFiling(Base):
    """A filing (用工备案) of an employment begun, renewed, ended, or of one taken back."""

    __tablename__ = "employment_filings"
    __table_args__ = (Index("ix_employment_filings_uscc", "uscc"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("warning_batches.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    filing_no: Mapped[str] = mapped_column(String(40))
    uscc: Mapped[str] = mapped_column(String(18))
    user_uscc: Mapped[str | None] = mapped_column(String(18))
    """Of labour dispatch: the firm where the person works."""
    person: Mapped[int] = mapped_column(BigInteger)
    """The first 64 bits of the HMAC of the identity number (bot.warning.identity)."""
    kind: Mapped[str] = mapped_column(String(6))
    """hire, renew, end or revoke; `revoke` bears the number of the filing that it takes back."""
    effective_on: Mapped[date]
    filed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(20), default="")
    """Of an end: a code of data/warning/reasons.yml."""
    district: Mapped[RegionCode]


class Headcount(Base):
    """Insured persons of a firm at the end of a month."""

    __tablename__ = "headcounts"

    batch_id: Mapped[int] = mapped_column(ForeignKey("warning_batches.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    month: Mapped[date]
    """First day of the month."""
    insured: Mapped[int]
    district: Mapped[RegionCode]


class MonthlyCount(Base):
    """A figure of a district and month that an office delivered: registered unemployed, loans…"""

    __tablename__ = "monthly_counts"
    __table_args__ = (Index("ix_monthly_counts_measure_month", "measure", "month"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("warning_batches.id"), primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    """A measure of data/warning/headers.yml."""
    month: Mapped[date]
    """First day of the month."""
    district: Mapped[RegionCode]
    value: Mapped[float] = mapped_column(Numeric(14, 2, asdecimal=False))


class ThresholdVersion(Base):
    """A version of the lines as it was loaded."""

    __tablename__ = "threshold_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40))
    content_hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    """The file's versions as canonical JSON."""
    loaded_at: Mapped[Moment]
    loaded_by: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[Moment | None]
    """When another version of the indicator took its place, or the file was gone."""


class Alert(Base):
    """A level above blue of an indicator in a region."""

    __tablename__ = "alerts"
    __table_args__ = (Index("ix_alerts_indicator_region", "indicator", "region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[str] = mapped_column(String(40))
    region: Mapped[RegionCode]
    level: Mapped[str] = mapped_column(String(6))
    """yellow or red; of a rise from yellow to red there are two alerts."""
    month: Mapped[date]
    """The month whose figure raised it."""
    evidence: Mapped[str] = mapped_column(Text)
    """Figure, comparison, line and source, in plain Chinese."""
    opened_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]


class WarningCase(Base):
    """A firm of one of the text's three kinds: candidate, then what a person decided."""

    __tablename__ = "warning_cases"
    __table_args__ = (Index("ix_warning_cases_uscc", "uscc"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    district: Mapped[RegionCode]
    day: Mapped[date]
    """The first day of the window's end on which the rule was met."""
    peak: Mapped[date]
    """The day with the largest share of leavers, by which the persons of the evidence are taken."""
    grade: Mapped[str] = mapped_column(String(8))
    """by_text or strong by the 10 % rule; policy (受重大政策影响) or feedback (部门反馈)."""
    leavers: Mapped[int]
    base: Mapped[int]
    """Both 0 where the firm was entered by a person."""
    arithmetic: Mapped[str] = mapped_column(Text)
    """Rule, windows, figures and marks, or why it was entered, in plain Chinese."""
    state: Mapped[str] = mapped_column(String(10))
    """candidate, verified, rejected, listed, served, resolved or worse."""
    created_at: Mapped[Moment]


class WarningCaseEvent(Base):
    """A step of a case; append-only."""

    __tablename__ = "warning_case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("warning_cases.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20), default="")
    """Of a rejection: seasonal, transfer, mistake or other."""
    staff: Mapped[str] = mapped_column(String(40))
    entered_at: Mapped[Moment]


class WarningEvidence(Base):
    """A person counted as a leaver by a listed case: a new alert needs others."""

    __tablename__ = "warning_evidence"

    case_id: Mapped[int] = mapped_column(ForeignKey("warning_cases.id"), primary_key=True)
    person: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class WarningMeasure(Base):
    """A measure on an alert or a case, with its due date."""

    __tablename__ = "warning_measures"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("warning_cases.id"), index=True)
    measure: Mapped[str] = mapped_column(String(100))
    office: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date | None]
    """None where no clock was set: 未设."""
    state: Mapped[str] = mapped_column(String(8), default="open")
    """open, done or skipped; overdue is computed."""
    result: Mapped[str] = mapped_column(String(100), default="")
    opened_at: Mapped[Moment | None]
    """None of those made before it was stored."""
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[str] = mapped_column(String(40), default="")


class SupervisionOrder(Base):
    """An order to an office to do what is overdue (督办单), with its answer."""

    __tablename__ = "supervision_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure_id: Mapped[int] = mapped_column(ForeignKey("warning_measures.id"), index=True)
    region: Mapped[RegionCode]
    """Of the alert or the firm."""
    demand: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date]
    ordered_by: Mapped[str] = mapped_column(String(40))
    ordered_at: Mapped[Moment]
    answer: Mapped[str] = mapped_column(String(300), default="")
    answered_by: Mapped[str] = mapped_column(String(40), default="")
    answered_at: Mapped[Moment | None]


class WarningRun(Base):
    """What the clock did for a region on a day; the row keeps two processes from doing it twice."""

    __tablename__ = "warning_runs"
    __table_args__ = (UniqueConstraint("region", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[RegionCode]
    day: Mapped[date]
    ended_at: Mapped[Moment]
    opened: Mapped[int]
    """Alerts."""
    closed: Mapped[int]
    candidates: Mapped[int]
    """Firms that are new."""
    publication_id: Mapped[int | None]
    """The report that was prepared, on the day of the month that is set for it."""
    report_fault: Mapped[str] = mapped_column(String(200), default="")
    """Why a report that was due could not be prepared, in Chinese."""


class FrozenList(Base):
    """The list of a month as it was frozen; computed again from what was known then."""

    __tablename__ = "frozen_lists"
    __table_args__ = (UniqueConstraint("region", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[RegionCode]
    month: Mapped[date]
    frozen_at: Mapped[Moment]
    """What was applied by then counts."""
    staff: Mapped[str] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(Text)
    """Figures and reasons of the rule as they were then, as JSON."""
    sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[str] = mapped_column(Text)
    """The list as canonical JSON."""


class Publication(Base):
    """A report of a month that leaves the office: prepared by one person, approved by another."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[RegionCode]
    month: Mapped[date]
    audience: Mapped[str] = mapped_column(String(8))
    """inside or outside."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the report's files together."""
    prepared_by: Mapped[str] = mapped_column(String(40))
    prepared_at: Mapped[Moment]
    approved_by: Mapped[str | None] = mapped_column(String(40))
    approved_at: Mapped[Moment | None]


class PublishedFigure(Base):
    """A figure of people as it was published, or its hiding: later ones are audited by it."""

    __tablename__ = "published_figures"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(40), primary_key=True)
    district: Mapped[RegionCode] = mapped_column(primary_key=True)
    value: Mapped[int]
    """The figure as it was then, printed or not."""
    mark: Mapped[str] = mapped_column(String(6))
    """shown, small (`<k`) or hidden."""
