"""Sources of postings, the runs of each source, and decisions on held postings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.models.areas import AreaCode
from bot.db.sealing import SealedText
from bot.db.types import Moment


class PostingOrigin(Base):
    """One source that has a posting; the same job from two sources has two."""

    __tablename__ = "posting_origins"

    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), index=True
    )
    content_hash: Mapped[str] = mapped_column(String(40))
    """Of the source's row: says whether it changed."""
    first_seen_at: Mapped[datetime]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    """The last day it holds, as stated or by the source's greatest age; None: until it leaves."""
    gone_at: Mapped[datetime | None]
    """When it left its source or passed its day; None while the source has it."""


class GatherRun(Base):
    """Result of one run of one source; kept, so that a source's history can be read."""

    __tablename__ = "gather_runs"
    __table_args__ = (Index("ix_gather_runs_source_started_at", "source", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    duplicates: Mapped[int] = mapped_column(default=0)
    """Of the new ones, those of a job that was known already."""
    held: Mapped[int] = mapped_column(default=0)
    expired: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)
    """Why nothing was taken, or what was left undone; None when all went well."""
    taken: Mapped[bool]
    """False when the run changed nothing, because of the error or because nothing was new."""
    state: Mapped[str] = mapped_column(Text, default="{}")
    """What tells the next run whether anything is new: ETag, Last-Modified, hashes; as JSON."""


class PostingReport(Base):
    """A seeker's report on a posting: 这家收押金."""

    __tablename__ = "posting_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(SealedText("posting_reports.reason", 200))
    seeker_id: Mapped[int | None] = mapped_column(ForeignKey("seekers.id", ondelete="SET NULL"))
    reported_at: Mapped[datetime]


class PostingDecision(Base):
    """A counsellor's decision on a held posting, with its reason."""

    __tablename__ = "posting_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), index=True
    )
    action: Mapped[str] = mapped_column(String(10))
    """released, refused or returned (to who entered it)."""
    counsellor: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(200))
    faults: Mapped[str] = mapped_column(Text, default="")
    """What the screen had found when it was decided."""
    decided_at: Mapped[datetime]


class PostingEntry(Base):
    """A posting that a member of staff entered on the page; another one reviews it."""

    __tablename__ = "posting_entries"

    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    counsellor_id: Mapped[int] = mapped_column(ForeignKey("counsellors.id"), index=True)
    """Who entered or changed it last."""
    area: Mapped[AreaCode]
    """The area for which it was entered: a street or community, or a district."""
    origin: Mapped[str] = mapped_column(String(10))
    """community: found by the staff; employer: told by the employer."""
    cells: Mapped[str] = mapped_column(SealedText("posting_entries.cells"), default="{}")
    """The form as it was entered last, as JSON."""
    entered_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    returned_at: Mapped[Moment | None]
    """When the reviewer asked back; None while it waits for a review, or after it."""
