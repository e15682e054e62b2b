"""What the bot could not answer, without who asked, and the groups of like questions."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, RegionCode
from bot.db.sealing import SealedText
from bot.db.types import Moment


class QuestionGroup(Base):
    """Like questions, which an editor works through together."""

    __tablename__ = "question_groups"
    __table_args__ = (
        CheckConstraint("state in ('new', 'drafting', 'answered', 'not_ours')", name="state"),
        CheckConstraint("state <> 'answered' or policy_id is not null", name="answered_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(SealedText("question_groups.label"))
    """The first question of the group, with which others are compared."""
    topic: Mapped[str | None] = mapped_column(String(60))
    """The topic that the classifier thought of first; None for none."""
    state: Mapped[str] = mapped_column(String(10), default="new")
    """new, drafting, answered (by a policy) or not_ours."""
    policy_id: Mapped[str | None] = mapped_column(String(40))
    """The policy that answers it; no key of policies, which come and go with their files."""
    note: Mapped[str] = mapped_column(String(200), default="")
    """The editor's words: why it is not ours, who writes."""
    counsellor_id: Mapped[int | None] = mapped_column(ForeignKey("counsellors.id"))
    """Who set the state last."""
    changed_at: Mapped[Moment | None]
    first_day: Mapped[date]
    last_day: Mapped[date] = mapped_column(index=True)


class UnansweredQuestion(Base):
    """One question that was not answered. Nothing in the row leads to who asked."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (Index("ix_unanswered_questions_group_id_day", "group_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(
        ForeignKey("question_groups.id", ondelete="CASCADE")
    )
    """None until it is grouped."""
    day: Mapped[date] = mapped_column(index=True)
    """The day alone: a moment would lead to a conversation."""
    kind: Mapped[str] = mapped_column(String(12))
    """A key of bot.unanswered.record.KINDS."""
    region_code: Mapped[RegionCode | None]
    """The city or district spoken of."""
    act: Mapped[str | None] = mapped_column(String(40))
    topic: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(SealedText("unanswered_questions.text"))
    """Cut, with numbers, names, employers and addresses taken out (bot/unanswered/redaction.py)."""
