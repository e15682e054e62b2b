"""Following up: what was asked of a seeker and when, and how they are doing."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.db.types import Moment


class FollowUp(Base):
    """One short question that is due on a day, and what came of it."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        UniqueConstraint("seeker_id", "kind", "due_on"),
        Index("ix_follow_ups_asked_at_due_on", "asked_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20))
    """follow_up (of a posting) or monthly_contact (of a registered unemployed person)."""
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id", ondelete="SET NULL"))
    step: Mapped[int] = mapped_column(default=0)
    """Days after the push: 3, 15 or 30; 0 for the monthly contact."""
    due_on: Mapped[date]
    asked_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    answer: Mapped[str | None] = mapped_column(String(20))
    """What was understood (a state, refused or unclear), never the person's words."""


class SeekerState(Base):
    """State of a seeker in their own words; the newest row holds."""

    __tablename__ = "seeker_states"
    __table_args__ = (Index("ix_seeker_states_seeker_id_told_at", "seeker_id", "told_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seeker_id: Mapped[int] = mapped_column(ForeignKey("seekers.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(20))
    """looking, not_gone, applied, not_hired, working, unpaid, unhappy or left."""
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("postings.id", ondelete="SET NULL"))
    told_at: Mapped[Moment]


class MonthlyContact(Base):
    """A registered unemployed person who is asked once a month how they are doing.

    Nothing here ends it but the person's own word, a job, or the end of the registration:
    refusals are counted for the counsellor and do not end it.
    """

    __tablename__ = "monthly_contacts"

    seeker_id: Mapped[int] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    refusals: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)
