"""Notes of seekers on postings: saved, applied for, not wanted, said to be filled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base


class PostingNote(Base):
    """One note of one seeker on one posting. It is their own: no other seeker's list sees it."""

    __tablename__ = "posting_notes"

    seeker_id: Mapped[int] = mapped_column(
        ForeignKey("seekers.id", ondelete="CASCADE"), primary_key=True
    )
    posting_id: Mapped[int] = mapped_column(
        ForeignKey("postings.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """save, applied, dull or full (bot/understanding/posting_feedback)."""
    noted_at: Mapped[datetime]
